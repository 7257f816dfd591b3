import type {ReactNode} from 'react';
import {translate} from '@docusaurus/Translate';
import type {Props} from '@theme/DocsChat/NavbarItem';

export default function DocsChatNavbarItem({label, className = '', mobile, isDropdownItem, onClick}: Props): ReactNode {
  const look = mobile ? 'menu__link' : isDropdownItem ? 'dropdown__link' : 'navbar__item navbar__link';
  const button = (
    <button
      type="button"
      className={`clean-btn ${look} ${className}`}
      data-docs-chat="navbar-item"
      data-docs-chat-open=""
      onClick={onClick}>
      {label ??
        translate({
          id: 'docsChat.launcher',
          message: 'Ask the docs',
          description: 'The button that opens the chat',
        })}
    </button>
  );
  return mobile || isDropdownItem ? <li className={mobile ? 'menu__list-item' : undefined}>{button}</li> : button;
}
