import type {Face} from './chooseFace.js';

/** What happens in the chat, for the site's own statistics: never what was asked, and sent nowhere. */
export type ChatEvents = {
  opened: {face: Face};
  closed: {face: Face};
  asked: {face: Face};
  answered: {face: Face; state: 'done' | 'stopped' | 'error' | 'limited' | 'offline'};
  citation: {href: string};
  feedback: {face: Face; kind: 'positive' | 'negative'};
};

/** Dispatches `docs-chat:<name>` on `window`. */
export function tell<Name extends keyof ChatEvents>(name: Name, detail: ChatEvents[Name]): void {
  dispatchEvent(new CustomEvent(`docs-chat:${name}`, {detail}));
}
