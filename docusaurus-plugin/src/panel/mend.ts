/**
 * The text of an answer still being written, with its last paragraph made presentable: open
 * emphasis and code are closed, half a link shows its label, and the beginnings of a table or an
 * underline are held back until it is clear what they are, in a quote too. Only the end of the text changes.
 */
export function closeOpenSyntax(text: string): string {
  const fences = readFences(text);
  if (fences.open) {
    return text;
  }
  const gap = [...text.matchAll(/\n[ \t>]*(?=\n)/g)].at(-1);
  // Text may follow a block of code without a gap.
  const start = Math.max(fences.end, gap === undefined ? 0 : gap.index + gap[0].length);
  const head = text.slice(0, start);
  const last = text.slice(start);
  if (/^[\s>]*\|[^\n]*(\n[\s>|:-]*)?$/.test(last)) {
    return head; // the header of a table, its delimiter row not complete
  }
  const labelled = last
    .replace(/\n[ \t>]*(?:[-=*+]|`{1,2}|\d+\.?)[-= \t]*$/, '') // the start of a list, fence or underline
    .replace(/(^|\n)[ \t>]*:{1,}\w*(?:\[[^\n]*)?$/, '$1') // the line that opens or closes an admonition
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*$/, '$1')
    .replace(/!?\[([^\]\n]*)\]?$/, '$1');
  const tail = labelled.replace(/[*_~`]+$/, (run) => (isClosing(labelled, run) ? run : ''));
  const prose = tail.replace(/`[^`]*`/g, (code) => ' '.repeat(code.length));
  if (prose.includes('`')) {
    return `${head}${tail}\``;
  }
  const bold = count(prose, /\*\*/g) % 2 === 1;
  const italic = count(prose.replace(/\*\*/g, ''), /(?<=\s|^)\*(?=\S)|(?<=\S)\*(?!\S*\w)/g) % 2 === 1;
  return head + tail.trimEnd() + (italic ? '*' : '') + (bold ? '**' : '');
}

/** Whether a block of code is still open, and where the last one that is not ends. */
function readFences(text: string): {open: boolean; end: number} {
  let open: string | undefined;
  let end = 0;
  for (const line of text.matchAll(/^[ \t>]*(?:[-*+]\s+|\d+\.\s+)?(`{3,}|~{3,})([^\n]*)$/gm)) {
    const [whole, fence = '', rest = ''] = line;
    if (open === undefined) {
      open = fence;
    } else if (fence.startsWith(open) && rest.trim() === '') {
      open = undefined;
      end = line.index + whole.length;
    }
  }
  return {open: open !== undefined, end};
}

/** Whether a run of delimiters at the end closes something opened before. */
function isClosing(text: string, run: string): boolean {
  return count(text.slice(0, -run.length), new RegExp(run.replace(/[*]/g, '\\*'), 'g')) % 2 === 1;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
