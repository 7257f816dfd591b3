import {describe, expect, it} from 'vitest';
import {recordedStream} from './__tests__/recorded.js';
import {createSseParser, readSse} from './sse.js';

function bodyOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(chunk);
      }
      controller.close();
    },
  });
}

async function readAll(...chunks: Uint8Array[]): Promise<string[]> {
  const messages: string[] = [];
  for await (const data of readSse(bodyOf(...chunks))) {
    messages.push(data);
  }
  return messages;
}

describe('a recorded stream', () => {
  const recorded = recordedStream('answer');
  const whole = recorded
    .split('\n\n')
    .filter((message) => message !== '')
    .map((message) => message.replace('data: ', ''));

  it('gives the same messages wherever its bytes are split', async () => {
    const bytes = new TextEncoder().encode(recorded);
    expect(whole.length).toBeGreaterThan(30);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(await readAll(bytes.slice(0, at), bytes.slice(at))).toEqual(whole);
    }
  });

  it('gives the same messages with CRLF line ends, one character at a time', () => {
    const parse = createSseParser();
    const messages = [...recorded.replaceAll('\n', '\r\n')].flatMap((character) => parse(character));
    expect(messages).toEqual(whole);
  });
});

describe('the format', () => {
  it.each([
    ['lone CR line ends', 'data: a\r\rdata: b\r\r\n', ['a', 'b']],
    ['comments and other fields', ': ping\n\nevent: x\nid: 1\nretry: 5\ndata: a\n\n: ping\n\n', ['a']],
    ['several data lines', 'data: a\ndata:b\ndata\n\n', ['a\nb\n']],
    ['only the first space taken off', 'data:  a \n\n', [' a ']],
    ['an unfinished last message dropped', 'data: a\n\ndata: b\n', ['a']],
    ['a field that only begins like data', 'database: x\n\n', []],
  ])('%s', (_, stream, messages) => {
    expect(createSseParser()(stream)).toEqual(messages);
  });

  it('drops a byte order mark', async () => {
    expect(await readAll(new TextEncoder().encode('\ufeffdata: a\n\n'))).toEqual(['a']);
  });
});
