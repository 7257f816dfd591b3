import path from 'node:path';
import {readDefaultCodeTranslationMessages} from '@docusaurus/theme-translations';

/** The only words that are on a page before the chat is opened. */
const INITIAL_IDS = [
  'docsChat.launcher',
  'docsChat.fault',
  'docsChat.reload',
  'docsChat.askSelection',
  'docsChat.askCode',
];

/** The shipped translations for a locale, by message id; none for a locale that has none. */
export function readMessages(locale: string): Promise<Record<string, string>> {
  return readDefaultCodeTranslationMessages({
    dirPath: path.resolve(__dirname, '../locales'),
    locale,
    name: 'docs-chat',
  });
}

/**
 * What Docusaurus may put into the first download of every page: the words of its buttons. The others travel with the
 * opened chat, except that `write-translations` fills the site's translation files with all of them.
 */
export function pickInitialMessages(
  messages: Record<string, string>,
  command: string | undefined = process.argv[2],
): Record<string, string> {
  if (command === 'write-translations') {
    return messages;
  }
  return Object.fromEntries(Object.entries(messages).filter(([id]) => INITIAL_IDS.includes(id)));
}
