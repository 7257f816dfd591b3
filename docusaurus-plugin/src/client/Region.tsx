import {lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode} from 'react';
import {createPortal} from 'react-dom';
import {useHistory} from '@docusaurus/router';
import {useBaseUrlUtils} from '@docusaurus/useBaseUrl';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import {chatData} from './chatData.js';
import {chooseFace} from './chooseFace.js';
import {followCitation} from './followCitation.js';
import {injectStyles} from './injectStyles.js';
import Consent from './region/Consent.js';
import {CloseIcon, Loading} from './region/Note.js';
import ResizeHandle, {useWidth} from './region/ResizeHandle.js';
import {FRAME_CSS} from './region/styles.js';
import {hasFinePointer, useBack, useFocus, useModal, usePush} from './region/useFrame.js';
import {useMode} from './region/useMode.js';
import {renderCode} from './renderCode.js';
import {searchPages} from './searchPages.js';
import {sessionStorage, storage} from './storage.js';
import {tell} from './tell.js';
import {usePagePrompts} from './usePagePrompts.js';
import {useReaderContext} from './useReaderContext.js';
import {Failure} from '../panel/failure.js';
import type {Report} from '../panel/useReports.js';
import type {Face} from './chooseFace.js';
import type {FileOptions} from '../panel/useFiles.js';
import type {Chat} from './useDocsChat.js';
import type {ChatStrings} from './strings.js';

const Panel = lazy(() => import('../panel/Panel.js'));
const ChatKitFace = lazy(() => import('./chatkit/ChatKitFace.js'));

injectStyles(FRAME_CSS);

/** What the server takes unless it is told otherwise. Kinds it knows by their content, and says so itself. */
const FILES: FileOptions = {strategy: {type: 'two_phase'}, maxSize: 5 * 1024 * 1024, maxCount: 3};

/** What opens: beside the page, over it, or instead of it, with one of the two faces inside. */
export default function Region({chat, strings}: {chat: Chat; strings: ChatStrings}): ReactNode {
  const frame = useRef<HTMLElement>(null);
  const challengePlace = useRef<HTMLDivElement>(null);
  const history = useHistory();
  const {withBaseUrl} = useBaseUrlUtils();
  const {siteConfig} = useDocusaurusContext();
  const mode = useMode();
  const [width, setWidth] = useWidth();
  const {context, scopeLabel} = useReaderContext();
  const [face, setFace] = useState(() =>
    chooseFace(chatData, window.location.hostname, sessionStorage.get('chatkit-off') !== null),
  );
  const [accepted, setAccepted] = useState(
    () => !chatData.consent || storage.get('consent') !== null,
  );

  const {version, locale, build} = context;
  const onTagSearch = useCallback(
    (query: string) => searchPages(chatData.serverUrl, {version, locale, build}, query),
    [version, locale, build],
  );

  const open = chat.view === 'open';
  const full = mode === 'full';
  const pagePrompts = usePagePrompts();
  usePush(open && mode === 'wide', width);
  useModal(open && full, frame);
  useBack(open && full, chat.view === 'minimized', chat.close);
  useFocus(chat, frame);
  useNotes(chat, face);

  const onNavigate = (href: string) => {
    tell('citation', {href});
    if (!full) {
      void followCitation(href, history);
      return;
    }
    chat.minimize();
    void followCitation(href, history, {replace: true}).then((section) => {
      // What had the focus is gone from the screen: read on from here.
      section?.setAttribute('tabindex', '-1');
      section?.focus({preventScroll: true});
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !event.nativeEvent.isComposing) {
      chat.close();
    }
  };

  const {texts, fallbackLinkUrl} = chatData;
  const helpLink = fallbackLinkUrl
    ? {url: withBaseUrl(fallbackLinkUrl), label: texts.fallbackLinkLabel ?? ''}
    : undefined;
  const title = texts.title ?? strings.title;
  const content = {
    title,
    greeting: texts.greeting ?? strings.greeting,
    prompts: pagePrompts ?? texts.prompts ?? strings.prompts,
    placeholder: texts.placeholder ?? strings.placeholder,
    disclaimer: texts.disclaimer ?? strings.disclaimer,
  };
  // With the hash router, a path of the site is no address.
  const toHref = useCallback((pathname: string) => history.createHref({pathname}), [history]);
  const onReport = useCallback(({name, ...detail}: Report) => tell(name, {face, ...detail}), [face]);
  const onChallenge = useMemo(() => {
    const {challenge} = chatData;
    return (
      challenge &&
      (async () => {
        const place = challengePlace.current;
        if (!place) {
          throw new Failure('forbidden');
        }
        const {showChallenge} = await import('./challenge.js');
        return showChallenge(challenge, place).catch((error: unknown) => {
          throw new Failure('forbidden', {cause: error});
        });
      })
    );
  }, []);
  const shared = {
    ...content,
    context,
    storage,
    onNavigate,
    onClose: chat.close,
    autoFocus: chat.autoFocus && hasFinePointer(),
    onReport,
    onTagSearch,
    onChallenge,
    ...(chat.draft && {draft: chat.draft}),
  };
  const takePanel = () => {
    // For as long as the tab is open: there is no point in trying, or asking, again.
    sessionStorage.set('chatkit-off', '1');
    setFace('panel');
  };
  const head = {title, close: strings.region.close, onClose: chat.close};

  return createPortal(
    <>
      <section
        ref={frame}
        id="docs-chat-region"
        className="docs-chat-region"
        data-docs-chat="region"
        data-face={face}
        data-mode={mode}
        hidden={!open}
        role={full ? 'dialog' : 'complementary'}
        aria-modal={full || undefined}
        aria-label={title}
        tabIndex={-1}
        onKeyDown={onKeyDown}>
        {mode === 'wide' && (
          <ResizeHandle width={width} onResize={setWidth} label={strings.region.resize} />
        )}
        {chatData.challenge && (
          <div ref={challengePlace} className="docs-chat-challenge" data-docs-chat="challenge" role="group" hidden>
            <p>{strings.region.challenge}</p>
          </div>
        )}
        <div className="docs-chat-face">
          <Suspense fallback={<Loading {...head} text={strings.region.loading} />}>
            {face === 'panel' ? (
              <Panel
                {...shared}
                serverUrl={chatData.serverUrl}
                siteUrl={siteConfig.url + siteConfig.baseUrl}
                toHref={toHref}
                strings={strings.panel}
                scopeLabel={scopeLabel}
                helpLink={helpLink}
                renderCode={renderCode}
                {...(chatData.attachments && {attachments: FILES})}
              />
            ) : accepted ? (
              <ChatKitFace
                {...shared}
                data={chatData}
                open={open}
                strings={strings.region}
                suggestionsLabel={strings.panel.suggestions}
                onFail={takePanel}
              />
            ) : (
              <Consent
                title={title}
                message={texts.consentMessage ?? strings.region.consentMessage}
                strings={strings.region}
                onAccept={() => {
                  storage.set('consent', '1');
                  setAccepted(true);
                }}
                onDecline={takePanel}
                onClose={chat.close}
              />
            )}
          </Suspense>
        </div>
      </section>
      {chat.view === 'minimized' && (
        <div className="docs-chat-bar" data-docs-chat="bar" role="region" aria-label={title}>
          <button type="button" onClick={() => chat.open()}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M6 15l6-6 6 6" />
            </svg>
            {strings.region.back}
          </button>
          <button
            type="button"
            className="docs-chat-icon"
            aria-label={strings.region.close}
            onClick={chat.close}>
            <CloseIcon />
          </button>
        </div>
      )}
    </>,
    document.body,
  );
}

/** Notes that the chat is open, for a reload of this tab, and tells the page when it opens and closes. */
function useNotes({view}: Chat, face: Face): void {
  const told = useRef(false);
  useEffect(() => {
    if (view === 'open') {
      sessionStorage.set('open', '1');
    } else {
      sessionStorage.del('open');
    }
    const open = view !== 'closed';
    if (open !== told.current) {
      told.current = open;
      tell(open ? 'opened' : 'closed', {face});
    }
  }, [view, face]);
}
