import {Marked, type MarkedToken, type Token, type Tokens} from 'marked';

/** The names that Docusaurus and GitHub have between them. */
export const ADMONITIONS = ['note', 'tip', 'info', 'important', 'warning', 'caution', 'danger'] as const;
export type AdmonitionKind = (typeof ADMONITIONS)[number];

/** `:::tip[Title]` and what it holds, up to `:::`. Without a title of its own, `title` is empty. */
export type AdmonitionToken = {type: 'admonition'; raw: string; kind: AdmonitionKind; title: Token[]; tokens: Token[]};

const OPEN = /^(:{3,})([a-z]+)(?:\[([^\]\n]*)\]|[ \t]+([^\n]+))?[ \t]*(?:\n|$)/i;
const ALERT = /^\[!([a-z]+)\][ \t]*(?:\n|$)/i;

/** What the lexer needs to know Docusaurus' admonitions. One that is not closed, as while it is written, goes to the end. */
export const LEXER_OPTIONS = new Marked({
  gfm: true,
  extensions: [
    {
      name: 'admonition',
      level: 'block',
      start: (source) => /^:{3,}[a-z]/im.exec(source)?.index,
      tokenizer(source) {
        const [head, colons = '', name = '', bracketed, plain] = OPEN.exec(source) ?? [];
        const kind = toKind(name);
        if (head === undefined || kind === undefined) {
          return undefined;
        }
        const rest = source.slice(head.length);
        // Nested ones have fewer colons.
        const [inside, close] = splitAtClose(rest, colons);
        const raw = head + inside + close;
        const title: Token[] = [];
        this.lexer.inline(bracketed ?? plain ?? '', title);
        return {type: 'admonition', raw, kind, title, tokens: this.lexer.blockTokens(inside, [])} satisfies AdmonitionToken;
      },
      childTokens: ['title', 'tokens'],
    },
  ],
}).defaults;

/** What stands before the line of just these colons, and that line; code may have such lines of its own. */
function splitAtClose(text: string, colons: string): [inside: string, close: string] {
  let fence: string | undefined;
  let at = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === undefined && line.trimEnd() === colons) {
      return [text.slice(0, at), line];
    }
    fence = fence === undefined ? mark : mark?.startsWith(fence) === true ? undefined : fence;
    at += line.length;
  }
  return [text, ''];
}

export function isAdmonition(token: object): token is AdmonitionToken {
  return (token as {type?: unknown}).type === 'admonition';
}

/** GitHub's way, a quote that begins with `[!NOTE]`: its kind, and the quote without that line. */
export function readAlert(tokens: readonly MarkedToken[]): {kind: AdmonitionKind; tokens: MarkedToken[]} | undefined {
  const [first, ...rest] = tokens;
  const [mark, name = ''] = (first?.type === 'paragraph' && ALERT.exec(first.text)) || [];
  const kind = toKind(name);
  if (first?.type !== 'paragraph' || mark === undefined || kind === undefined) {
    return undefined;
  }
  const inside = dropStart(first, mark.length);
  return {kind, tokens: inside === undefined ? rest : [inside, ...rest]};
}

/** A paragraph without its first characters, all of which are in its first token; undefined when nothing is left. */
function dropStart(paragraph: Tokens.Paragraph, count: number): MarkedToken | undefined {
  const [first, ...others] = paragraph.tokens as MarkedToken[];
  if (first?.type !== 'text' || first.raw.length < count) {
    return others.length === 0 ? undefined : {...paragraph, tokens: others};
  }
  const left = {...first, raw: first.raw.slice(count), text: first.text.slice(count)};
  const tokens = left.raw === '' ? others : [left, ...others];
  return tokens.length === 0 ? undefined : {...paragraph, tokens};
}

function toKind(name: string): AdmonitionKind | undefined {
  return ADMONITIONS.find((kind) => kind === name.toLowerCase());
}
