import {lazy, Suspense, type ReactNode} from 'react';
import {translate} from '@docusaurus/Translate';
import {toAriaKeyshortcuts, useDocsChat} from 'docusaurus-plugin-docs-chat/client';
import styles from './styles.module.css';

const load = () => import('@theme/DocsChat/Conversation');
const Conversation = lazy(load);
const preload = () => void load();

export default function DocsChat(): ReactNode {
  const chat = useDocsChat();
  const {launcher, shortcut} = chat.options;
  return (
    <>
      {launcher && (
        <button
          type="button"
          className={styles.launcher}
          data-docs-chat="launcher"
          data-position={launcher.position}
          aria-expanded={chat.view === 'open'}
          aria-controls="docs-chat-region"
          aria-keyshortcuts={shortcut ? toAriaKeyshortcuts(shortcut) : undefined}
          onClick={chat.toggle}
          onPointerEnter={preload}
          onFocus={preload}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4 3v-3H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z" />
          </svg>
          <span>
            {launcher.label ??
              translate({
                id: 'docsChat.launcher',
                message: 'Ask the docs',
                description: 'The button that opens the chat',
              })}
          </span>
        </button>
      )}
      {chat.opened && (
        <Suspense fallback={null}>
          <Conversation chat={chat} />
        </Suspense>
      )}
    </>
  );
}
