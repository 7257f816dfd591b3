import type {ChatState} from './client.js';
import type {PanelStrings} from './strings.js';
import type {Turn} from './turns.js';

/**
 * What a screen reader should hear: that a search began, then the finished answer. Between the two
 * the text stays the same, so that each is read out once and no delta is.
 */
export function toAnnouncement(
  {phase, asked, failure, stopped}: ChatState,
  turns: readonly Turn[],
  strings: PanelStrings,
): string {
  if (phase === 'waiting' || phase === 'streaming') {
    return strings.searching;
  }
  // Failures speak for themselves, as alerts; answers of an earlier visit are no news.
  const answers = asked && failure === null && !stopped ? (turns.at(-1)?.answers ?? []) : [];
  if (answers.length === 0) {
    return '';
  }
  const sources = new Set(answers.flatMap(({annotations}) => annotations.map(({source}) => source.title)));
  return strings.answerReady(answers.map(({text}) => toSpeech(text)).join(' '), sources.size);
}

/** Markdown without its marks, and without what is folded in its quotes. */
function toSpeech(text: string): string {
  return text
    .replace(/^>[ \t]*\n> ---[ \t]*\n>[ \t]*$(?:\n>.*)*/gm, '')
    .replace(/^\s*(?:```|~~~).*$/gm, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*\|?[\s:|-]+\|\s*$/gm, '')
    .replace(/[*_`#>|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
