/**
 * Incremental parser of server-sent events. Feed it text as it arrives; it returns the `data` of
 * every message that has become complete. Comments and other fields are skipped, and a message cut
 * off by the end of the stream is dropped, as the specification says.
 */
export function createSseParser(): (chunk: string) => string[] {
  let buffer = '';
  let data: string[] = [];

  return (chunk) => {
    buffer += chunk;
    const messages: string[] = [];
    for (;;) {
      const end = buffer.search(/[\r\n]/);
      // A lone CR at the end may be half of a CRLF: wait for what follows.
      if (end < 0 || (buffer[end] === '\r' && end === buffer.length - 1)) {
        return messages;
      }
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + (buffer.startsWith('\r\n', end) ? 2 : 1));
      if (line === '') {
        if (data.length > 0) {
          messages.push(data.join('\n'));
        }
        data = [];
      } else if (line === 'data') {
        data.push('');
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line[5] === ' ' ? 6 : 5));
      }
    }
  };
}

/** The `data` of each message of a response body. Throws what reading the body throws. */
export async function* readSse(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parse = createSseParser();
  try {
    for (;;) {
      const {done, value} = await reader.read();
      if (done) {
        return;
      }
      yield* parse(decoder.decode(value, {stream: true}));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
