import {Lexer, type MarkedToken} from 'marked';
import {closeOpenSyntax} from './mend.js';
import type {Marker} from './sources.js';

/** A top-level block of an answer, with the markers that fall into it (offsets from its own start). */
export type Block = {token: MarkedToken; raw: string; start: number; markers: Marker[]};

/** Splits an answer into blocks. With `streaming`, syntax that is not closed yet is taken as closed. */
export function toBlocks(text: string, markers: readonly Marker[], streaming: boolean): Block[] {
  // The lexer turns CRLF into LF: keep the length, or the offsets would shift.
  const source = text.replace(/\r\n/g, ' \n').replace(/\r/g, '\n');
  const tokens = lex(streaming ? closeOpenSyntax(source) : source);
  const blocks: Block[] = [];
  let start = 0;
  for (const token of tokens) {
    if (token.type !== 'space' && token.type !== 'def') {
      blocks.push({token, raw: token.raw, start, markers: []});
    }
    start += token.raw.length;
  }
  for (const {offset, source: cited} of markers) {
    // A marker between two blocks belongs to the first of them.
    const block = blocks.findLast((candidate) => candidate.start < offset) ?? blocks[0];
    if (block !== undefined) {
      const inside = Math.max(0, offset - block.start);
      block.markers.push({offset: Math.min(inside, block.raw.trimEnd().length), source: cited});
    }
  }
  return blocks;
}

function lex(source: string): MarkedToken[] {
  try {
    return new Lexer({gfm: true}).lex(source) as MarkedToken[];
  } catch {
    // Thousands of nested quotes overflow the lexer's stack: then the answer is one paragraph.
    const token = {raw: source, text: source};
    return [{type: 'paragraph', ...token, tokens: [{type: 'text', ...token, escaped: false}]}];
  }
}
