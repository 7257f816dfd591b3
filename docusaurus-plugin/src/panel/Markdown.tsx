import {createElement as h, Fragment, memo, useInsertionEffect, useMemo, useState, type ReactNode} from 'react';
import type {MarkedToken, Tokens} from 'marked';
import {isAdmonition, readAlert, type AdmonitionKind, type AdmonitionToken} from './admonitions.js';
import {adoptStyles} from './adoptStyles.js';
import {Aligner, type Piece} from './align.js';
import {createBlockReader, type Block} from './blocks.js';
import {Citation} from './Citation.js';
import {CodeBlock} from './CodeBlock.js';
import {useLink, usePanel} from './context.js';
import {decodeEntities} from './entities.js';
import {ChevronIcon} from './icons.js';
import {safeHref} from './links.js';
import {MARKDOWN_CSS} from './markdownStyles.js';
import type {Marker} from './sources.js';

export type MarkdownProps = {text: string; markers: readonly Marker[]; streaming: boolean};

/** An answer as React elements: no HTML is ever parsed, raw HTML in the text stays text. */
export default function Markdown({text, markers, streaming}: MarkdownProps): ReactNode {
  useInsertionEffect(() => adoptStyles(document, MARKDOWN_CSS, 'docs-chat-markdown'), []);
  const [read] = useState(createBlockReader);
  const blocks = useMemo(() => read(text, markers, streaming), [read, text, markers, streaming]);
  // The panel's own headings end at h2: the highest of the answer follows them, whatever its depth.
  const depths = blocks.map(({token}) => (token.type === 'heading' ? token.depth : 6));
  const shift = 3 - Math.min(6, ...depths);
  return (
    <div className="dc-md" dir="auto" data-open={streaming || undefined}>
      {blocks.map((block) => (
        <BlockView key={block.start} block={block} shift={shift} />
      ))}
    </div>
  );
}

/** Finished blocks are drawn once, however long the answer goes on. */
const BlockView = memo(
  function BlockView({block, shift}: {block: Block; shift: number}): ReactNode {
    const aligner = new Aligner(block.raw, block.markers);
    const drawn = drawTopBlock(block.token, shift, aligner);
    const rest = aligner.rest();
    return (
      <>
        {drawn}
        {rest.length > 0 && h('p', null, ...drawPieces(rest))}
      </>
    );
  },
  (before, after) =>
    before.shift === after.shift &&
    before.block.raw === after.block.raw &&
    before.block.token.type === after.block.token.type &&
    before.block.markers.length === after.block.markers.length &&
    before.block.markers.every(({offset, source}, at) => {
      const other = after.block.markers[at];
      return other?.offset === offset && other.source.key === source.key;
    }),
);

function drawTopBlock(token: MarkedToken, shift: number, aligner: Aligner): ReactNode {
  switch (token.type) {
    case 'heading':
      return drawHeading(token, shift, aligner);
    case 'blockquote':
      return drawQuote(token.tokens as MarkedToken[], aligner);
    default:
      return drawBlock(token, aligner);
  }
}

/** A quoted section: a thematic break in it ends what matters, and the rest is folded. */
function drawQuote(tokens: readonly MarkedToken[], aligner: Aligner): ReactNode {
  const alert = readAlert(tokens);
  if (alert !== undefined) {
    return h(Admonition, {kind: alert.kind, title: null}, ...drawBlocks(alert.tokens, aligner));
  }
  const end = tokens.findIndex(({type}, at) => type === 'hr' && at > 0);
  if (end < 0) {
    return h('blockquote', null, ...drawBlocks(tokens, aligner));
  }
  const matters = drawBlocks(tokens.slice(0, end), aligner);
  const rest = tokens.slice(end + 1).filter(({type}) => type !== 'space');
  // With a key: whatever comes before or into it, what the reader opened stays open.
  return h('blockquote', null, ...matters, rest.length > 0 && h(Rest, {key: 'rest'}, ...drawBlocks(rest, aligner)));
}

/** Closed by default and never `open` by us, so that drawing it again leaves it as the reader has it. */
function Rest({children}: {children?: ReactNode}): ReactNode {
  const {strings} = usePanel();
  return (
    <details className="dc-rest">
      <summary className="dc-fold">
        {strings.rest}
        <ChevronIcon />
      </summary>
      {children}
    </details>
  );
}

function drawAdmonition({kind, title, tokens}: AdmonitionToken, aligner: Aligner): ReactNode {
  const drawn = title.length === 0 ? null : h('p', null, ...drawLine(title, aligner));
  return h(Admonition, {kind, title: drawn}, ...drawBlocks(tokens, aligner));
}

/** A note that stands out, under its own title or the name of its kind. */
function Admonition({kind, title, children}: {kind: AdmonitionKind; title: ReactNode; children?: ReactNode}): ReactNode {
  const {strings} = usePanel();
  return (
    <div className="dc-admonition" data-kind={kind} role="note">
      {title ?? <p>{strings.admonitions[kind]}</p>}
      <div>{children}</div>
    </div>
  );
}

function drawBlock(token: MarkedToken, aligner: Aligner): ReactNode {
  if (isAdmonition(token)) {
    return drawAdmonition(token, aligner);
  }
  switch (token.type) {
    case 'heading':
      return drawHeading(token, 2, aligner);
    case 'paragraph':
      return h('p', null, ...drawLine(token.tokens, aligner));
    case 'text':
      return h(Fragment, null, ...drawLine(token.tokens ?? [token], aligner));
    case 'list':
      return h(
        token.ordered ? 'ol' : 'ul',
        token.ordered && token.start !== 1 && token.start !== '' ? {start: token.start} : null,
        ...token.items.map((item) =>
          h('li', item.task ? {className: 'dc-task'} : null, ...drawBlocks(item.tokens, aligner)),
        ),
      );
    case 'blockquote': {
      const alert = readAlert(token.tokens as MarkedToken[]);
      return alert === undefined
        ? h('blockquote', null, ...drawBlocks(token.tokens, aligner))
        : h(Admonition, {kind: alert.kind, title: null}, ...drawBlocks(alert.tokens, aligner));
    }
    case 'code': {
      const before = aligner.enter(token.raw);
      const cites = [...before, ...aligner.leave(token.raw, aligner.position)];
      return h(CodeBlock, {code: token.text, info: token.lang ?? ''}, ...drawPieces(cites));
    }
    case 'table':
      return drawTable(token, aligner);
    case 'html':
      return token.text.trim().startsWith('<!--') ? null : h('p', null, ...drawPieces(aligner.split(token.raw.trimEnd())));
    case 'hr':
      return h('hr');
    case 'checkbox':
      return drawInline(token, aligner);
    default:
      return null;
  }
}

function drawHeading(token: Tokens.Heading, shift: number, aligner: Aligner): ReactNode {
  return h(`h${Math.min(6, token.depth + shift)}`, null, ...drawLine(token.tokens, aligner));
}

function drawBlocks(tokens: readonly object[], aligner: Aligner): ReactNode[] {
  return (tokens as MarkedToken[]).map((token) => drawBlock(token, aligner));
}

function drawTable(token: Tokens.Table, aligner: Aligner): ReactNode {
  const drawRow = (cells: Tokens.TableCell[], tag: 'th' | 'td') =>
    h(
      'tr',
      null,
      ...cells.map((cell, column) =>
        h(
          tag,
          cell.align === null ? null : {style: {textAlign: TEXT_ALIGN[cell.align]}},
          ...drawInlines(cell.tokens, aligner),
          ...drawPieces(column === cells.length - 1 ? aligner.endLine() : aligner.endCell()),
        ),
      ),
    );
  // A table without a head has an empty one in Markdown.
  const bare = token.header.every(({text}) => text === '');
  const head = !bare && h('thead', null, drawRow(token.header, 'th'));
  return h(TableFrame, null, head, h('tbody', null, ...token.rows.map((row) => drawRow(row, 'td'))));
}

const TEXT_ALIGN = {left: 'start', center: 'center', right: 'end'} as const;

/** Wide tables scroll on their own, also by keyboard. */
function TableFrame({children}: {children?: ReactNode}): ReactNode {
  const {strings} = usePanel();
  return (
    <div className="dc-table" tabIndex={0} role="region" aria-label={strings.table}>
      <table>{children}</table>
    </div>
  );
}

function drawLine(tokens: readonly object[], aligner: Aligner): ReactNode[] {
  return [...drawInlines(tokens, aligner), ...drawPieces(aligner.endLine())];
}

function drawInlines(tokens: readonly object[], aligner: Aligner): ReactNode[] {
  return (tokens as MarkedToken[]).map((token) => drawInline(token, aligner));
}

function drawInline(token: MarkedToken, aligner: Aligner): ReactNode {
  if (token.type === 'text') {
    const drawn = token.tokens === undefined ? drawPieces(aligner.split(token.raw)) : drawInlines(token.tokens, aligner);
    return h(Fragment, null, ...drawn);
  }
  if (token.type === 'html' && !/^<br\s*\/?>$/i.test(token.raw)) {
    return h(Fragment, null, ...drawPieces(aligner.split(token.raw)));
  }
  const before = aligner.enter(token.raw);
  const start = aligner.position;
  const drawn = drawSpan(token, aligner);
  return h(Fragment, null, ...drawPieces(before), drawn, ...drawPieces(aligner.leave(token.raw, start)));
}

function drawSpan(token: MarkedToken, aligner: Aligner): ReactNode {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return h(token.type, null, ...drawInlines(token.tokens, aligner));
    case 'codespan':
      return h('code', {translate: 'no'}, token.text);
    case 'link': {
      const href = safeHref(decodeEntities(token.href));
      // No markers inside: a link in a link is none. They come after it.
      const label = drawInlines(token.tokens, new Aligner(token.raw, []));
      return href === undefined ? h(Fragment, null, ...label) : h(TextLink, {href}, ...label);
    }
    case 'escape':
      return token.text;
    case 'br':
    case 'html':
      return h('br');
    case 'checkbox':
      return h('span', {className: 'dc-check'}, token.checked ? '☑' : '☐');
    default:
      return null; // Images among them: an answer loads nothing from anywhere.
  }
}

function drawPieces(pieces: readonly Piece[]): ReactNode[] {
  return pieces.map((piece) =>
    typeof piece === 'string' ? decodeEntities(piece) : h(Citation, {source: piece.source}),
  );
}

function TextLink({href, children}: {href: string; children?: ReactNode}): ReactNode {
  return <a {...useLink(href)}>{children}</a>;
}
