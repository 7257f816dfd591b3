import data from '@generated/docusaurus-plugin-docs-chat/default/chat.json';
import type {ChatData} from '../clientOptions.js';

/** The options, in a module of their own: nothing of them is in the first download. */
export const chatData = data as ChatData;
