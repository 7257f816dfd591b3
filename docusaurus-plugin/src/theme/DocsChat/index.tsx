import {lazy, Suspense, type ReactNode} from 'react';
import ErrorBoundary from '@docusaurus/ErrorBoundary';
import {translate} from '@docusaurus/Translate';
import {useDocsChat, useFirstSelection} from 'docusaurus-plugin-docs-chat/client';
import styles from './styles.module.css';

const load = () => import('@theme/DocsChat/Conversation');
const Conversation = lazy(load);
const SelectionButton = lazy(() => import('@theme/DocsChat/SelectionButton'));
// A failure is shown when the chat is opened.
const preload = () => load().catch(() => undefined);

export default function DocsChat(): ReactNode {
  const chat = useDocsChat();
  const {launcher, ariaKeyshortcuts, selectionButton} = chat.options;
  const selected = useFirstSelection(selectionButton);
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
          aria-keyshortcuts={ariaKeyshortcuts}
          onClick={chat.toggle}
          onPointerEnter={() => void preload()}
          onFocus={() => void preload()}>
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
      {/* One each: while the one loads, the other stays. */}
      <Suspense fallback={null}>{selected && <SelectionButton />}</Suspense>
      <ErrorBoundary fallback={() => chat.view === 'open' && <Fault />}>
        <Suspense fallback={null}>{chat.opened && <Conversation chat={chat} />}</Suspense>
      </ErrorBoundary>
    </>
  );
}

/** The usual reason: the site was published again, and the files of this page's version are gone. */
function Fault(): ReactNode {
  return (
    <p role="alert" className={`${styles.fault} alert alert--danger`}>
      {translate({
        id: 'docsChat.fault',
        message: 'The chat could not be loaded.',
        description: 'Shown in place of the chat',
      })}{' '}
      <button type="button" className="button button--link" onClick={() => location.reload()}>
        {translate({
          id: 'docsChat.reload',
          message: 'Reload the page',
          description: 'A button',
        })}
      </button>
    </p>
  );
}
