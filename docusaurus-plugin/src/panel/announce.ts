import {isAnswering, type ChatState} from './client.js';
import type {PanelStrings} from './strings.js';
import {answersOf, type Turn, type TurnPart} from './turns.js';

/**
 * What a screen reader should hear: that a search began, then the finished answer. Between the two
 * the text stays the same, so that each is read out once and no delta is.
 */
export function toAnnouncement(
  state: ChatState,
  turns: readonly Turn[],
  strings: PanelStrings,
): string {
  const {asked, failure, stopped} = state;
  if (isAnswering(state)) {
    return strings.searching;
  }
  // Failures speak for themselves, as alerts; answers of an earlier visit are no news.
  const last = asked && failure === null && !stopped ? turns.at(-1) : undefined;
  const said = last?.parts.map(speak).filter((text) => text !== '') ?? [];
  if (last === undefined || said.length === 0) {
    return '';
  }
  const sources = new Set(answersOf(last).flatMap(({annotations}) => annotations.map(({source}) => source.title)));
  return strings.answerReady(said.join(' '), sources.size);
}

function speak(part: TurnPart): string {
  if (part.kind === 'answer') {
    return toSpeech(part.answer.text);
  }
  if (part.kind === 'trace') {
    return '';
  }
  const {item} = part;
  return item.type === 'widget' ? toSpeech(item.copy_text ?? '') : item.type === 'structured_input' ? item.inputs.map(({question}) => question).join(' ') : '';
}

/** Markdown without its marks, and without what is folded in its quotes. */
function toSpeech(text: string): string {
  return text
    .replace(/^>[ \t]*\n> ---[ \t]*\n>[ \t]*$(?:\n>.*)*/gm, '')
    .replace(/^\s*(?:```|~~~).*$/gm, '')
    .replace(/^[ >]*:{3,}\w*(?:\[([^\]\n]*)\])?/gm, '$1 ')
    .replace(/\[!\w+\]/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*\|?[\s:|-]+\|\s*$/gm, '')
    .replace(/[*_`#>|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
