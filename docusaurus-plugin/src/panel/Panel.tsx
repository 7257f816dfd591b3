import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useId,
  useInsertionEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import {toAnnouncement} from './announce.js';
import {isAnswering} from './client.js';
import {Composer} from './Composer.js';
import {PanelContext, usePanel, type PanelHost} from './context.js';
import {Conversation} from './Conversation.js';
import {Header} from './Header.js';
import {DownIcon} from './icons.js';
import type {ChatHost} from './host.js';
import type {PanelStorage} from './identity.js';
import {SourceTip, type ShownSource} from './SourceTip.js';
import {Start} from './Start.js';
import {OfflineBox} from './StatusBox.js';
import {toPanelState} from './state.js';
import {useMarkdownLoaded} from './loadMarkdown.js';
import type {PanelStrings} from './strings.js';
import {adoptStyles} from './adoptStyles.js';
import {PANEL_CSS} from './styles.js';
import {EMPTY_DRAFT, fromContent, toContent} from './tags.js';
import type {ReaderContext} from './transport.js';
import {toTurns} from './turns.js';
import {useChat} from './useChat.js';
import {useDraft} from './useDraft.js';
import {useFiles, type FileOptions} from './useFiles.js';
import {useOnline} from './useOnline.js';
import {useReports, type Report} from './useReports.js';
import {useStickToEnd} from './useStickToEnd.js';
import type {TagSearch} from './useTagMenu.js';

export type PanelProps = {
  /** Where the server is: "" for the same origin, or "https://chat.example.com" (no trailing slash). */
  serverUrl: string;
  /** Where the site is published ("https://example.com/base/"): links to it stay on the site that is shown. */
  siteUrl?: string;
  /** How a link to a path of the site is written, for browsers that open it in a tab; keep it the same function. */
  toHref?: (path: string) => string;
  /** What the reader is looking at; sent with every request. */
  context: ReaderContext;
  /** Shown as a chip in the header, e.g. "0.1 · English". Absent: no chip. */
  scopeLabel?: string;
  /** Every visible or announced text. */
  strings: PanelStrings;
  title: string;
  /** First line of an empty conversation; further lines are set smaller. */
  greeting: string;
  /** Starter questions. */
  prompts: string[];
  placeholder: string;
  disclaimer?: string;
  helpLink?: {label: string; url: string};
  /**
   * Called for a plain left click on a citation or on-site link, with path, search and hash; the
   * panel has already prevented the default. Modified and middle clicks are left to the browser.
   */
  onNavigate: (href: string) => void;
  onClose: () => void;
  /** Text to put into the composer (never sent by itself); a new object each time. */
  draft?: {text: string};
  autoFocus: boolean;
  /** Persistence of small strings (keys `thread`, `token`, `draft`, `draft-tags`, `pending`); the host supplies it. */
  storage: PanelStorage;
  /** Renders the inside of a code block's `<pre>`; header and copy button are the panel's. Default: plain `<code>`. */
  renderCode?: (code: string, language: string | undefined) => ReactNode;
  /** Finds the pages that an @ in the question can name. Give the same function each time. Absent: an @ is an @. */
  onTagSearch?: TagSearch;
  /** For a server that takes files. */
  attachments?: FileOptions;
  /** Told what happens in the chat, for statistics; keep it the same function. */
  onReport?: (report: Report) => void;
} & ChatHost;

const HistoryView = lazy(() => import('./HistoryView.js').catch(() => ({default: NoHistory})));

/** Blocked, or gone after a deployment. */
function NoHistory(): ReactNode {
  const {strings} = usePanel();
  return (
    <p className="dc-note dc-wait" role="alert">
      {strings.errors.network.title}
    </p>
  );
}

const asIs = (path: string) => path;

/** A pointer on its way from the citation to the tip needs a moment. */
const TIP_DELAY_MS = 150;

/** A chat with a ChatKit server. Fills its parent, which gives it a height. */
export default function Panel(props: PanelProps): ReactNode {
  const {serverUrl, siteUrl, toHref = asIs, context, strings, storage, autoFocus, onNavigate, renderCode, helpLink} = props;
  const {chat, state, transport} = useChat(serverUrl, {context, host: props}, storage);
  const online = useOnline();
  useReports(state, props.onReport);
  const [draft, setDraft] = useDraft(storage, props.draft);
  const files = useFiles(transport, props.attachments);
  const [view, setView] = useState<'chat' | 'history'>('chat');
  const [shown, setShown] = useState<ShownSource | null>(null);
  const panel = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const historyButton = useRef<HTMLButtonElement>(null);
  const tipTimer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const historyId = useId();

  useInsertionEffect(() => adoptStyles(document, PANEL_CSS, 'docs-chat-panel'), []);

  const turns = useMemo(() => toTurns(state.thread, strings), [state.thread, strings]);
  const {scroller, atEnd, toQuestion, toEnd} = useStickToEnd(state, state.failure !== null);
  const drawn = useMarkdownLoaded(draft.text !== '' || state.phase === 'loading' || turns.length > 0);
  const panelState = toPanelState(state, online, drawn);
  const busy = isAnswering(state);
  const empty = turns.length === 0 && state.phase === 'idle' && state.failure === null;
  const limitedUntil = useLimit(state.failure?.retryAt);
  const {imageDomains} = state.thread;

  const keepTip = useCallback(() => clearTimeout(tipTimer.current), []);
  const hideTip = useCallback(() => {
    clearTimeout(tipTimer.current);
    tipTimer.current = setTimeout(() => setShown(null), TIP_DELAY_MS);
  }, []);
  const closeTip = useCallback(() => setShown(null), []);
  useEffect(() => keepTip, [keepTip]);

  const host: PanelHost = useMemo(
    () => ({
      strings,
      siteUrl,
      toHref,
      imageDomains,
      onNavigate,
      renderCode,
      showSource: (source) => {
        if (source === null) {
          hideTip();
        } else {
          keepTip();
          setShown(source);
        }
      },
    }),
    [strings, siteUrl, toHref, imageDomains, onNavigate, renderCode, hideTip, keepTip],
  );

  /** Where the focus goes when what had it is gone. A keyboard must not pop up on touch screens. */
  const focusChat = useCallback(() => (autoFocus ? input : scroller).current?.focus(), [autoFocus, scroller]);

  useEffect(() => {
    if (autoFocus) {
      input.current?.focus();
    }
  }, [autoFocus, props.draft]);

  useEffect(() => {
    // A question that is too long can only be shortened where it can be edited.
    if (state.failure?.kind === 'too_large') {
      const question = chat.withdraw();
      if (question !== null) {
        setDraft(fromContent(question.content));
      }
    }
  }, [chat, setDraft, state.failure]);

  const ask = (question: Parameters<typeof chat.send>[0]) => {
    toQuestion();
    chat.send(question);
  };
  /** What was clicked is gone then. */
  const askClicked = (question: string) => {
    ask(question);
    focusChat();
  };
  const showChat = () => {
    setView('chat');
    requestAnimationFrame(focusChat);
  };
  const startNew = () => {
    chat.startNew();
    showChat();
  };

  return (
    <PanelContext.Provider value={host}>
      <div ref={panel} className="dc-panel" data-docs-chat="state" data-state={panelState}>
        <Header
          title={props.title}
          scopeLabel={props.scopeLabel}
          historyOpen={view === 'history'}
          historyButton={historyButton}
          onNew={startNew}
          onHistory={() => setView(view === 'history' ? 'chat' : 'history')}
          onClose={props.onClose}
        />
        {view === 'history' && (
          <Suspense fallback={<p className="dc-note dc-wait">{strings.loading}</p>}>
            <HistoryView
              id={historyId}
              transport={transport}
              locale={context.locale}
              current={state.thread.id}
              onOpen={(id) => {
                if (id !== state.thread.id) {
                  chat.open(id);
                }
                showChat();
                toQuestion();
              }}
              onBack={() => {
                setView('chat');
                historyButton.current?.focus();
              }}
              onRemoved={(id) => {
                if (id === state.thread.id) {
                  chat.startNew();
                }
              }}
            />
          </Suspense>
        )}
        {/* Hidden, not gone: the place in the conversation is kept. */}
        <div className="dc-main" hidden={view === 'history'}>
          <div ref={scroller} className="dc-talk" tabIndex={0} role="region" aria-label={strings.conversation}>
            <div className="dc-talk-in">
              {empty && (
                <Start greeting={props.greeting} prompts={props.prompts} onAsk={askClicked} />
              )}
              {state.phase === 'loading' && (
                <p className="dc-trace" data-active>
                  <span>{strings.loading}</span>
                </p>
              )}
              <Conversation
                chat={chat}
                state={state}
                turns={turns}
                online={online}
                helpLink={helpLink}
                onAsk={askClicked}
                onRetry={() => {
                  toQuestion();
                  chat.retry();
                }}
                onNew={startNew}
              />
              {!online && state.failure === null && !busy && <OfflineBox />}
            </div>
          </div>
          {!atEnd && (
            <button
              type="button"
              className="dc-jump"
              aria-label={strings.jumpToLatest}
              title={strings.jumpToLatest}
              onClick={() => {
                toEnd();
                focusChat();
              }}
            >
              <DownIcon />
            </button>
          )}
          <Composer
            draft={draft}
            onChange={setDraft}
            onSend={() => {
              ask({content: toContent(draft), attachments: files.ready});
              setDraft(EMPTY_DRAFT);
              files.clear();
            }}
            onStop={() => chat.stop()}
            busy={busy}
            canStop={state.thread.canStop}
            blocked={!online || limitedUntil || state.phase === 'loading' || state.thread.status.type !== 'active'}
            placeholder={props.placeholder}
            disclaimer={props.disclaimer}
            input={input}
            onTagSearch={props.onTagSearch}
            files={files}
            fileOptions={props.attachments}
          />
        </div>
        {shown !== null && (
          <SourceTip shown={shown} panel={panel} onPointerEnter={keepTip} onPointerLeave={hideTip} onClose={closeTip} />
        )}
        <p className="dc-sr" role="status" aria-live="polite">
          {toAnnouncement(state, turns, strings)}
        </p>
      </div>
    </PanelContext.Provider>
  );
}

/** Whether the time has not come yet; looks again when it has. */
function useLimit(until: number | undefined): boolean {
  const [over, setOver] = useState<number | undefined>(undefined);
  useEffect(() => {
    if (until === undefined) {
      return undefined;
    }
    const timer = setTimeout(() => setOver(until), Math.max(0, until - Date.now()));
    return () => clearTimeout(timer);
  }, [until]);
  return until !== undefined && over !== until;
}
