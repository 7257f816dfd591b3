import {openChat} from '../openChat.js';
import {quoteCode} from './quote.js';
import type {ReactNode} from 'react';

/** Opens the chat with a code block in its question field. */
export function askAboutCode({code, language, title}: {code: string; language: string; title: ReactNode}): void {
  openChat(quoteCode(code, language, typeof title === 'string' ? title : ''));
}
