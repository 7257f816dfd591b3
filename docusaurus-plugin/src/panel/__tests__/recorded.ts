import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parseEvent} from '../parseEvent.js';
import type {ThreadEvent} from '../protocol.js';

/** Streams of the ChatKit SDK for Python, as it sent them. */
export function recordedStream(name: string): string {
  return readFileSync(path.join(import.meta.dirname, `${name}.sse`), 'utf8');
}

export function recordedEvents(name: string): ThreadEvent[] {
  return recordedStream(name)
    .split('\n\n')
    .filter((message) => message.startsWith('data: '))
    .map((message) => parseEvent(message.slice('data: '.length)) as ThreadEvent);
}
