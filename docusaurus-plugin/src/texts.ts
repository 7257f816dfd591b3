import type {TranslationFile} from '@docusaurus/types';
import type {PluginOptions} from './options';

/** The texts that the site's owner wrote in the options: each locale may translate them. */
export type Texts = {
  launcherLabel?: string;
  title?: string;
  greeting?: string;
  prompts?: string[];
  placeholder?: string;
  disclaimer?: string;
  consentMessage?: string;
  fallbackLinkLabel?: string;
};

const DESCRIPTIONS = {
  launcherLabel: 'Label of the button that opens the chat',
  title: 'Name of the chat',
  greeting: 'An empty conversation: a heading, and smaller lines under it',
  placeholder: 'Placeholder of the question field',
  disclaimer: 'Line under the question field',
  consentMessage: 'What the reader accepts before ChatKit is loaded',
  fallbackLinkLabel: 'Label of the link for questions that the docs do not answer',
} as const;

type Single = keyof typeof DESCRIPTIONS;

export function readTexts(options: PluginOptions): Texts {
  const texts: {[Key in keyof Texts]: Texts[Key] | undefined} = {
    launcherLabel: options.launcher ? options.launcher.label : undefined,
    title: options.title,
    greeting: options.greeting,
    prompts: options.prompts,
    placeholder: options.placeholder,
    disclaimer: options.disclaimer,
    consentMessage: typeof options.consent === 'object' ? options.consent.message : undefined,
    fallbackLinkLabel: options.fallbackLink?.label,
  };
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined));
}

/** `i18n/<locale>/docusaurus-plugin-docs-chat/options.json`; none when no text was given. */
export function toTranslationFiles(texts: Texts): TranslationFile[] {
  const content: TranslationFile['content'] = {};
  for (const key of Object.keys(DESCRIPTIONS) as Single[]) {
    const message = texts[key];
    if (message !== undefined) {
      content[key] = {message, description: DESCRIPTIONS[key]};
    }
  }
  texts.prompts?.forEach((message, index) => {
    content[`prompts.${index}`] = {message, description: `Starter question ${index + 1}`};
  });
  return Object.keys(content).length > 0 ? [{path: 'options', content}] : [];
}

export function translateTexts(texts: Texts, files: TranslationFile[]): Texts {
  const content = files.find((file) => file.path === 'options')?.content ?? {};
  const translated: Texts = {...texts};
  for (const key of Object.keys(DESCRIPTIONS) as Single[]) {
    if (texts[key] !== undefined) {
      translated[key] = content[key]?.message ?? texts[key];
    }
  }
  if (texts.prompts) {
    translated.prompts = texts.prompts.map(
      (message, index) => content[`prompts.${index}`]?.message ?? message,
    );
  }
  return translated;
}
