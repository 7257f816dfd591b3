import {useEffect, useMemo, useRef, useState, type ReactNode} from 'react';
import {ChatKit, useChatKit} from '@openai/chatkit-react';
import {Loading} from '../region/Note.js';
import {hasFinePointer} from '../region/useFrame.js';
import {useColorMode} from '../useColorMode.js';
import {Suggestions} from '../../panel/Suggestions.js';
import {readSuggestions, type Suggestion} from '../../panel/readSuggestions.js';
import {createAuthorizedFetch} from './authorizedFetch.js';
import {toChatKitOptions} from './chatKitOptions.js';
import {loadScript} from './loadScript.js';
import {readFeedback} from './readFeedback.js';
import {mergeTheme, readSiteTheme} from './siteTheme.js';
import type {Entity as Tag} from '../../panel/index.js';
import type {PanelStorage} from '../../panel/identity.js';
import type {ReaderContext} from '../../panel/transport.js';
import type {Report} from '../../panel/useReports.js';
import type {ChatData} from '../../clientOptions.js';
import type {RegionStrings} from '../strings.js';

type Props = {
  data: ChatData;
  context: ReaderContext;
  storage: PanelStorage;
  strings: RegionStrings;
  suggestionsLabel: string;
  title: string;
  greeting: string;
  prompts: string[];
  placeholder: string;
  disclaimer: string;
  draft?: {text: string};
  open: boolean;
  autoFocus: boolean;
  onTagSearch: (query: string) => Promise<Tag[]>;
  onNavigate: (href: string) => void;
  onClose: () => void;
  /** ChatKit did not come up: show something else. */
  onFail: () => void;
  onReport: (report: Report) => void;
  /** Lets a new reader show that it is no script. */
  onChallenge?: (() => Promise<string>) | undefined;
};

/** From the opening to ChatKit's word that it is ready; time spent closed does not count. */
const READY_MS = 8_000;

export default function ChatKitFace(props: Props): ReactNode {
  const {data, context, storage, strings, title, draft, open, autoFocus, onClose, onFail, onReport} = props;
  const [ready, setReady] = useState(false);
  const [suggestions, setSuggestions] = useState<Suggestion[]>([]);
  const fail = useRef(onFail);
  const troubled = useRef(false);
  useEffect(() => {
    fail.current = onFail;
  });

  const mode = useColorMode();
  const theme = useMemo(() => mergeTheme(readSiteTheme(mode), data.theme), [mode, data.theme]);
  const [initialThread] = useState(() => storage.get('thread'));
  const authorizedFetch = createAuthorizedFetch({
    serverUrl: data.serverUrl,
    context: () => context,
    storage,
    prove: props.onChallenge,
  });
  const {control, focusComposer, sendUserMessage, setComposerValue} = useChatKit({
    ...toChatKitOptions({
      ...props,
      // ChatKit always calls the latest one: it never sees this one change.
      fetch: (input, init) => {
        const kind = readFeedback(init);
        if (kind) {
          onReport({name: 'feedback', kind});
        }
        return authorizedFetch(input, init);
      },
      locale: context.locale,
      theme,
      initialThread,
    }),
    onReady: () => setReady(true),
    // Before it is ready, an error is one that keeps it from starting.
    onError: () => {
      troubled.current = true;
      if (!ready) {
        onFail();
      }
    },
    onEffect: (effect) => setSuggestions((shown) => readSuggestions(effect) ?? shown),
    onResponseStart: () => {
      troubled.current = false;
      setSuggestions([]);
      onReport({name: 'asked'});
    },
    onResponseEnd: () => onReport({name: 'answered', state: troubled.current ? 'error' : 'done'}),
    onThreadChange: ({threadId}) => {
      setSuggestions([]);
      if (threadId) {
        storage.set('thread', threadId);
      } else {
        storage.del('thread');
      }
    },
  });

  useEffect(() => {
    let mounted = true;
    loadScript(data.chatkitScriptUrl).catch(() => {
      if (mounted) {
        fail.current();
      }
    });
    return () => {
      mounted = false;
    };
  }, [data.chatkitScriptUrl]);

  useEffect(() => {
    if (ready || !open) {
      return undefined;
    }
    const timer = setTimeout(() => fail.current(), READY_MS);
    return () => clearTimeout(timer);
  }, [ready, open]);

  // Both reject while ChatKit is busy with a thread; the reader has the composer at hand.
  useEffect(() => {
    if (ready && draft) {
      setComposerValue({text: draft.text}).catch(() => {});
    }
  }, [ready, draft, setComposerValue]);
  useEffect(() => {
    if (ready && open && autoFocus) {
      focusComposer().catch(() => {});
    }
  }, [ready, open, autoFocus, focusComposer]);

  const ask = async (text: string) => {
    try {
      await sendUserMessage({text});
      // The button that had the focus is gone. A keyboard must not pop up on touch screens.
      if (hasFinePointer()) {
        await focusComposer();
      }
    } catch {
      // Busy: the question is still there to be clicked again.
    }
  };

  return (
    <>
      {ready ? (
        // Keys pressed inside ChatKit's frame never reach the page: Esc does nothing there.
        <button type="button" className="docs-chat-button docs-chat-skip" onClick={onClose}>
          {strings.close}
        </button>
      ) : (
        <Loading title={title} close={strings.close} onClose={onClose} text={strings.loading} />
      )}
      <div className="docs-chat-chatkit" data-ready={ready}>
        <ChatKit control={control} />
      </div>
      {ready && (
        <Suggestions
          className="docs-chat-suggestions"
          questions={suggestions}
          label={props.suggestionsLabel}
          onAsk={(question) => void ask(question)}
        />
      )}
    </>
  );
}
