import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {createBlockReader, toBlocks, type Block} from './blocks.js';

const PIECES = [
  '# Title', 'A paragraph with **bold** words.', 'two\nlines', '- one\n- two', '- one\n\n- loose', '1. first\n2. second', '  nested\n',
  '> quote\n> more', '> [!NOTE]\n> note', '```js\nlet x = 1;\n\n```', '~~~\n- code\n', '| a | b |\n|---|---|\n| c | d |', '---', 'Setext\n---',
  ':::tip[Title]', 'inside', ':::', '<!-- hidden -->', 'ends with `code`', '[a link](/docs/x)', '🚀 emoji', '    indented', '\\| escaped',
];
const texts = fc
  .array(fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom('\n\n', '\n', '\r\n\r\n', ' ')), {maxLength: 14})
  .map((parts) => parts.map(([piece, gap]) => piece + gap).join(''));
const steps = fc.array(fc.integer({min: 1, max: 25}), {minLength: 1, maxLength: 10});

const finished = (blocks: Block[]) => blocks.slice(0, -1).map(({raw, start, token}) => [start, token.type, raw]);

describe('a text that grows', () => {
  it('is at every step what it would be if it were read whole', () => {
    fc.assert(
      fc.property(texts, steps, (text, sizes) => {
        const read = createBlockReader();
        for (let end = 0, at = 0; end < text.length; at += 1) {
          end = Math.min(text.length, end + (sizes[at % sizes.length] as number));
          const shown = text.slice(0, end);
          // The end of it is guessed at, and held back where it cannot be.
          const [grown, whole] = [finished(read(shown, [], true)), finished(toBlocks(shown, [], true))];
          const both = Math.min(grown.length, whole.length);
          expect(grown.slice(0, both), shown).toEqual(whole.slice(0, both));
          expect(Math.abs(grown.length - whole.length)).toBeLessThanOrEqual(1);
        }
        expect(read(text, [], false)).toEqual(toBlocks(text, [], false));
      }),
      {numRuns: 500},
    );
  });

  it('begins anew when it is replaced', () => {
    const read = createBlockReader();
    read('One.\n\nTwo.\n\nThree.\n\nFour.', [], true);
    expect(read('Other.', [], true)).toEqual(toBlocks('Other.', [], true));
  });

  it('may define a link before and after it is used', () => {
    const text = 'See [a].\n\n[b]: /b\n\nOne.\n\nTwo.\n\nThree [b].\n\n[a]: /a';
    const read = createBlockReader();
    for (let end = 1; end < text.length; end += 1) {
      read(text.slice(0, end), [], true);
    }
    expect(read(`${text} `, [], true).length).toBe(toBlocks(`${text} `, [], true).length);
    expect(read(text, [], false)).toEqual(toBlocks(text, [], false));
  });
});
