import {toChatKitLocale} from './locale.js';
import type {ChatKitIcon, ChatKitOptions, Entity, ThemeOption, Widgets} from '@openai/chatkit';
import type {Entity as Tag} from '../../panel/index.js';
import type {ChatData} from '../../clientOptions.js';

export type ChatKitInput = {
  data: Pick<ChatData, 'serverUrl' | 'domainKey' | 'dictation'>;
  fetch: typeof fetch;
  locale: string;
  theme: ThemeOption;
  title: string;
  greeting: string;
  prompts: string[];
  placeholder: string;
  disclaimer: string;
  initialThread: string | null;
  /** Finds the pages that an @ in a question can name. */
  onTagSearch: (query: string) => Promise<Tag[]>;
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
    composer: {placeholder, attachments: {enabled: false}, dictation: {enabled: data.dictation}},
    ...(disclaimer && {disclaimer: {text: disclaimer}}),
    entities: {
      onTagSearch: async (query) => (await input.onTagSearch(query)).map(toEntity),
      showComposerMenu: true,
      onRequestPreview: ({data: source}) => Promise.resolve({preview: source ? previewSource(source) : null}),
      onClick: ({data: source}) => {
        if (source?.permalink) {
          input.onNavigate(source.permalink + (source.anchor ? `#${source.anchor}` : ''));
        }
      },
    },
  };
}

function toEntity({id, title, data = {}}: Tag): Entity {
  const texts = Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {id, title, interactive: true, data: Object.fromEntries(texts)};
}

/** What a citation shows when it is pointed at: where it leads, and the words that support the answer. */
function previewSource({breadcrumb, version_label: version, quote}: Record<string, string>): Widgets.BasicRoot | null {
  const place = [breadcrumb, version].filter(Boolean).join(' · ');
  return quote
    ? {type: 'Basic', gap: 1, children: [{type: 'Caption', value: place}, {type: 'Text', size: 'sm', value: quote}]}
    : null;
}
