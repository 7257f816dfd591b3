declare module '@docs-chat/inner-root' {
  import type {ReactNode} from 'react';

  export default function InnerRoot(props: {children: ReactNode}): ReactNode;
}

declare module '@docs-chat/inner-navbar-item-types' {
  import type {ComponentType} from 'react';

  const types: Record<string, ComponentType>;
  export default types;
}

declare module '@docs-chat/inner-copy-button' {
  import type {ReactNode} from 'react';

  export default function InnerCopyButton(props: {className?: string}): ReactNode;
}

declare module '@generated/docusaurus-plugin-docs-chat/default/build.json' {
  const data: unknown;
  export default data;
}

declare module '@generated/docusaurus-plugin-docs-chat/default/chat.json' {
  const data: unknown;
  export default data;
}

declare module '@generated/docusaurus-plugin-docs-chat/default/features.js' {
  import type {ComponentType} from 'react';

  export const NavbarItem: ComponentType<unknown> | undefined;
  export const CodeButton: ComponentType | undefined;
}

declare module '@theme/DocsChat' {
  import type {ReactNode} from 'react';

  export default function DocsChat(): ReactNode;
}

declare module '@theme/DocsChat/Conversation' {
  import type {ReactNode} from 'react';
  import type {Chat} from 'docusaurus-plugin-docs-chat/client';

  export interface Props {
    readonly chat: Chat;
  }
  export default function Conversation(props: Props): ReactNode;
}

declare module '@theme/DocsChat/NavbarItem' {
  import type {ReactNode} from 'react';

  export interface Props {
    readonly label?: string;
    readonly className?: string;
    readonly mobile?: boolean;
    readonly isDropdownItem?: boolean;
    readonly onClick?: () => void;
  }
  export default function NavbarItem(props: Props): ReactNode;
}

declare module '@theme/DocsChat/CodeButton' {
  import type {ReactNode} from 'react';

  export default function CodeButton(): ReactNode;
}

declare module '@theme/DocsChat/SelectionButton' {
  import type {ReactNode} from 'react';

  export default function SelectionButton(): ReactNode;
}

declare module '@theme/DocsChat/strings' {
  import type {ChatStrings} from 'docusaurus-plugin-docs-chat/client';

  import type {SelectPlural} from '@theme/DocsChat/panelStrings';

  export default function getStrings(selectPlural: SelectPlural): ChatStrings;
}

declare module '@theme/DocsChat/panelStrings' {
  import type {ChatStrings} from 'docusaurus-plugin-docs-chat/client';

  /** Picks the form for a number, of those that the language has: `one|other` in English. */
  export type SelectPlural = (count: number, forms: string) => string;
  export default function getPanelStrings(selectPlural: SelectPlural): ChatStrings['panel'];
}
