import {Lexer, type MarkedToken} from 'marked';
import {LEXER_OPTIONS} from './admonitions.js';
import {closeOpenSyntax} from './mend.js';
import type {Marker} from './sources.js';

/** A top-level block of an answer, with the markers that fall into it (offsets from its own start). */
export type Block = {token: MarkedToken; raw: string; start: number; markers: Marker[]};

/** The blocks of a growing text: as `toBlocks`, but what can no longer change is read once. */
export type BlockReader = (text: string, markers: readonly Marker[], streaming: boolean) => Block[];

/** The last two blocks may still become something else: a list goes on, a line becomes a heading. */
const UNSETTLED = 2;

export function createBlockReader(): BlockReader {
  let settled: {text: string; tokens: MarkedToken[]} = {text: '', tokens: []};
  return (text, markers, streaming) => {
    if (!streaming) {
      // Once more from the beginning: a link may be defined after it is used.
      settled = {text: '', tokens: []};
      return toBlocks(text, markers, false);
    }
    const source = keepLength(text);
    if (!source.startsWith(settled.text)) {
      settled = {text: '', tokens: []};
    }
    const fresh = lex(closeOpenSyntax(source.slice(settled.text.length)));
    const blocks = place([...settled.tokens, ...fresh], markers);
    settled = settle(settled, source, fresh);
    return blocks;
  };
}

/** Moves all but the last blocks to those that stay as they are. */
function settle({text, tokens}: {text: string; tokens: MarkedToken[]}, source: string, fresh: MarkedToken[]): {text: string; tokens: MarkedToken[]} {
  const solid = fresh.flatMap(({type}, at) => (type === 'space' ? [] : [at]));
  // Only behind an empty line: what follows without one may belong to what is before it.
  const end = solid.slice(0, -UNSETTLED + 1).findLast((at) => fresh[at - 1]?.type === 'space') ?? 0;
  const done = fresh.slice(0, end);
  const length = done.reduce((sum, {raw}) => sum + raw.length, text.length);
  // A definition counts for all that follows it, which is then read together.
  return done.some(({type}) => type === 'def') ? {text, tokens} : {text: source.slice(0, length), tokens: [...tokens, ...done]};
}

/** Splits an answer into blocks. With `streaming`, syntax that is not closed yet is taken as closed. */
export function toBlocks(text: string, markers: readonly Marker[], streaming: boolean): Block[] {
  const source = keepLength(text);
  return place(lex(streaming ? closeOpenSyntax(source) : source), markers);
}

/** The lexer turns CRLF into LF: with a space in its place, or the offsets would shift. */
function keepLength(text: string): string {
  return text.replace(/\r\n/g, ' \n').replace(/\r/g, '\n');
}

function place(tokens: readonly MarkedToken[], markers: readonly Marker[]): Block[] {
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
    return new Lexer(LEXER_OPTIONS).lex(source) as MarkedToken[];
  } catch {
    // Thousands of nested quotes overflow the lexer's stack: then the answer is one paragraph.
    const token = {raw: source, text: source};
    return [{type: 'paragraph', ...token, tokens: [{type: 'text', ...token, escaped: false}]}];
  }
}
