import codeTranslations from '@generated/codeTranslations';
import build from '@generated/docusaurus-plugin-docs-chat/default/build.json';
import data from '@generated/docusaurus-plugin-docs-chat/default/chat.json';
import type {ChatData} from '../clientOptions.js';

/** The options, in a module of their own: nothing of them is in the first download. */
export const chatData = data as ChatData;

/** The id of the build that this page is of, which the manifest of that build has too. */
export const buildId = (build as {build?: string}).build;

// `translate` looks words up in here. What the site translates itself is there already, and wins.
const translations: Record<string, string> = codeTranslations;
for (const [id, message] of Object.entries(chatData.messages)) {
  translations[id] ??= message;
}
