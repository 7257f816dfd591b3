import type {Marker} from './sources.js';

/** Text between markers, and markers, in reading order. */
export type Piece = string | Marker;

/**
 * Follows a walk through the leaves of one block and says where its markers fall. The lexer gives no
 * positions, and inside lists and quotes its text has lost the indentation; but leaves come in the
 * order of the source, so each is found by looking for its lines from where the last one ended.
 */
export class Aligner {
  private cursor = 0;
  private next = 0;

  constructor(
    private readonly source: string,
    private readonly markers: readonly Marker[],
  ) {}

  /** The text of a leaf, cut where markers fall into it, with those that precede it. */
  split(raw: string): Piece[] {
    const pieces: Piece[] = [];
    for (const [index, line] of raw.split('\n').entries()) {
      if (index > 0) {
        pieces.push('\n');
      }
      const start = this.find(line);
      pieces.push(...this.until(start));
      let from = 0;
      for (const marker of this.until(start + line.length)) {
        const at = marker.offset - start;
        pieces.push(line.slice(from, at), marker);
        from = at;
      }
      pieces.push(line.slice(from));
      this.cursor = start + line.length;
    }
    return pieces.filter((piece) => piece !== '');
  }

  /** Goes to the start of a token that is drawn whole or has children; the markers before it. */
  enter(raw: string): Marker[] {
    this.cursor = this.find(firstLine(raw));
    return this.until(this.cursor);
  }

  /** Goes past a token drawn whole; the markers inside it and at its end. */
  leave(raw: string, start: number): Marker[] {
    this.cursor = start;
    for (const line of raw.trimEnd().split('\n')) {
      this.cursor = this.find(line) + line.length;
    }
    return this.until(this.cursor);
  }

  /** Goes to the end of the line, over the syntax that closes it; the markers up to there. */
  endLine(): Marker[] {
    return this.until(indexOrEnd(this.source, '\n', this.cursor));
  }

  /** The markers up to the border of a table's cell. */
  endCell(): Marker[] {
    return this.until(indexOrEnd(this.source, '|', this.cursor));
  }

  /** What is left: nothing, unless the block drew less than it contains. */
  rest(): Marker[] {
    return this.until(Number.POSITIVE_INFINITY);
  }

  get position(): number {
    return this.cursor;
  }

  private find(line: string): number {
    const at = this.source.indexOf(line, this.cursor);
    // In a table's cell the lexer has resolved escaped pipes.
    const found = at < 0 ? this.source.indexOf(line.replaceAll('|', '\\|'), this.cursor) : at;
    return found < 0 ? this.cursor : found;
  }

  private until(offset: number): Marker[] {
    const from = this.next;
    while ((this.markers[this.next]?.offset ?? Number.POSITIVE_INFINITY) <= offset && this.next < this.markers.length) {
      this.next += 1;
    }
    return this.markers.slice(from, this.next);
  }
}

function firstLine(raw: string): string {
  return raw.trimStart().split('\n', 1)[0] ?? '';
}

function indexOrEnd(text: string, part: string, from: number): number {
  const at = text.indexOf(part, from);
  return at < 0 ? text.length : at;
}
