import {useCallback, useEffect, useId, useInsertionEffect, useMemo, useRef, useState, type ReactNode} from 'react';
import {toAnnouncement} from './announce.js';
import {Composer} from './Composer.js';
import {PanelContext, type PanelHost} from './context.js';
import {Conversation} from './Conversation.js';
import {Header} from './Header.js';
import {HistoryView} from './HistoryView.js';
import {DownIcon} from './icons.js';
import type {PanelStorage} from './identity.js';
import {SourceTip, type ShownSource} from './SourceTip.js';
import {Start} from './Start.js';
import {OfflineBox} from './StatusBox.js';
import {toPanelState} from './state.js';
import {useMarkdownLoaded} from './loadMarkdown.js';
import type {PanelStrings} from './strings.js';
import {adoptStyles} from './styles.js';
import type {ReaderContext} from './transport.js';
import {toTurns} from './turns.js';
import {useChat} from './useChat.js';
import {useDraft} from './useDraft.js';
import {useOnline} from './useOnline.js';
import {useStickToEnd} from './useStickToEnd.js';

export type PanelProps = {
  /** Where the server is: "" for the same origin, or "https://chat.example.com" (no trailing slash). */
  serverUrl: string;
  /** Where the site is published ("https://example.com/base/"): links to it stay on the site that is shown. */
  siteUrl?: string;
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
  /** Persistence of small strings (keys `thread`, `token`, `draft`, `pending`); the host supplies it. */
  storage: PanelStorage;
  /** Renders the inside of a code block's `<pre>`; header and copy button are the panel's. Default: plain `<code>`. */
  renderCode?: (code: string, language: string | undefined) => ReactNode;
};

/** A pointer on its way from the citation to the tip needs a moment. */
const TIP_DELAY_MS = 150;

/** A chat with a ChatKit server. Fills its parent, which gives it a height. */
export default function Panel(props: PanelProps): ReactNode {
  const {serverUrl, siteUrl, context, strings, storage, autoFocus, onNavigate, renderCode, helpLink} = props;
  const {chat, state, transport} = useChat(serverUrl, context, storage);
  const online = useOnline();
  const [draft, setDraft] = useDraft(storage, props.draft);
  const [view, setView] = useState<'chat' | 'history'>('chat');
  const [shown, setShown] = useState<ShownSource | null>(null);
  const panel = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const historyButton = useRef<HTMLButtonElement>(null);
  const tipTimer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const historyId = useId();

  useInsertionEffect(() => adoptStyles(document), []);

  const turns = useMemo(() => toTurns(state.thread, strings), [state.thread, strings]);
  const {scroller, atEnd, toQuestion, toEnd} = useStickToEnd(state, state.failure !== null);
  const drawn = useMarkdownLoaded(draft !== '' || state.phase === 'loading' || turns.length > 0);
  const panelState = toPanelState(state, online, drawn);
  const busy = state.phase === 'waiting' || state.phase === 'streaming';
  const empty = turns.length === 0 && state.phase === 'idle' && state.failure === null;
  const limitedUntil = useLimit(state.failure?.retryAt);

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
    [strings, siteUrl, onNavigate, renderCode, hideTip, keepTip],
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
      setDraft(chat.withdraw() ?? '');
    }
  }, [chat, setDraft, state.failure]);

  const ask = (question: string) => {
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

  return (
    <PanelContext.Provider value={host}>
      <div ref={panel} className="dc-panel" data-docs-chat="state" data-state={panelState}>
        <Header
          title={props.title}
          scopeLabel={props.scopeLabel}
          historyOpen={view === 'history'}
          historyButton={historyButton}
          onNew={() => {
            chat.startNew();
            showChat();
          }}
          onHistory={() => setView(view === 'history' ? 'chat' : 'history')}
          onClose={props.onClose}
        />
        {view === 'history' && (
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
              />
              {!online && state.failure === null && !busy && <OfflineBox />}
              {state.thread.status !== 'active' && <p className="dc-note">{strings.closedChat}</p>}
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
            value={draft}
            onChange={setDraft}
            onSend={() => {
              ask(draft.trim());
              setDraft('');
            }}
            onStop={() => chat.stop()}
            busy={busy}
            canStop={state.thread.canStop}
            blocked={!online || limitedUntil || state.phase === 'loading' || state.thread.status !== 'active'}
            placeholder={props.placeholder}
            disclaimer={props.disclaimer}
            input={input}
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
