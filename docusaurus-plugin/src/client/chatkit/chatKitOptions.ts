import {toChatKitLocale} from './locale.js';
import type {ChatKitIcon, ChatKitOptions, ThemeOption} from '@openai/chatkit';
import type {ChatData} from '../../clientOptions.js';

export type ChatKitInput = {
  data: Pick<ChatData, 'serverUrl' | 'domainKey'>;
  fetch: typeof fetch;
  locale: string;
  theme: ThemeOption;
  title: string;
  greeting: string;
  prompts: string[];
  placeholder: string;
  disclaimer: string;
  initialThread: string | null;
  onNavigate: (href: string) => void;
  onClose: () => void;
};

/** ChatKit checks the key of a real domain only. */
const LOCAL_DOMAIN_KEY = 'local-dev';

const PROMPT_ICONS: ChatKitIcon[] = ['lightbulb', 'book-open', 'circle-question', 'square-code'];

export function toChatKitOptions(input: ChatKitInput): ChatKitOptions {
  const {data, title, greeting, prompts, placeholder, disclaimer, theme, initialThread} = input;
  const locale = toChatKitLocale(input.locale);
  return {
    api: {
      url: `${data.serverUrl}/chatkit`,
      domainKey: data.domainKey ?? LOCAL_DOMAIN_KEY,
      fetch: input.fetch,
    },
    ...(locale && {locale}),
    frameTitle: title,
    theme,
    initialThread,
    header: {title: {text: title}, rightAction: {icon: 'close', onClick: input.onClose}},
    history: {enabled: true, showDelete: true, showRename: true},
    startScreen: {
      // ChatKit shows one line: the panel's smaller ones are left out.
      greeting: greeting.split('\n', 1)[0],
      prompts: prompts.map((prompt, index) => ({
        label: prompt,
        prompt,
        icon: PROMPT_ICONS[index % PROMPT_ICONS.length],
      })),
    },
    thread: {autoScroll: true},
    threadItemActions: {feedback: true, retry: true},
    composer: {placeholder, attachments: {enabled: false}},
    ...(disclaimer && {disclaimer: {text: disclaimer}}),
    entities: {
      onClick: ({data: source}) => {
        if (source?.permalink) {
          input.onNavigate(source.permalink + (source.anchor ? `#${source.anchor}` : ''));
        }
      },
    },
  };
}
