import type {ReactNode} from 'react';
import {translate} from '@docusaurus/Translate';
import {useCodeBlockContext} from '@docusaurus/theme-common/internal';

const load = () => import('docusaurus-plugin-docs-chat/client/ask/askAboutCode');

export default function CodeButton(): ReactNode {
  const {metadata} = useCodeBlockContext();
  const label = translate({
    id: 'docsChat.askCode',
    message: 'Ask about this code',
    description: 'The button in a code block that asks about the code',
  });
  return (
    <button
      type="button"
      className="clean-btn"
      aria-label={label}
      title={label}
      data-docs-chat="code-button"
      onClick={() => void load().then(({askAboutCode}) => askAboutCode(metadata))}>
      <svg viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" strokeWidth="1.8">
        <path d="M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4 3v-3H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z" />
      </svg>
    </button>
  );
}
