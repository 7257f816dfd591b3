import type {PanelStorage} from './identity.js';
import {toMessage, type Message} from './requests.js';

/** The question that the server has not confirmed: a reload must not lose it. */
const KEY = 'pending';

export function keepPending(storage: PanelStorage, {content, attachments}: Message): void {
  storage.set(KEY, JSON.stringify({content, attachments}));
}

export function dropPending(storage: PanelStorage): void {
  storage.del(KEY);
}

export function readPending(storage: PanelStorage): Message | null {
  const kept = storage.get(KEY);
  if (kept === null) {
    return null;
  }
  try {
    const message = JSON.parse(kept) as Message;
    if (Array.isArray(message.content) && Array.isArray(message.attachments)) {
      return message;
    }
  } catch {
    // Plain words, as an earlier release kept them.
  }
  return toMessage(kept);
}
