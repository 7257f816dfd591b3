/** A question that could come next: what the reader sees, and what is asked. */
export type Suggestion = {label: string; prompt: string};

const EFFECT = 'docs_chat.suggestions';
const MAX_COUNT = 3;
const MAX_LENGTH = 200;

/**
 * The questions that a client effect suggests; undefined when it is another effect. What is not a
 * question is left out: an effect is whatever a server sends, and a chip is not worth an error.
 */
export function readSuggestions(effect: {name: string; data?: unknown}): Suggestion[] | undefined {
  if (!isSuggestions(effect)) {
    return undefined;
  }
  const questions = (effect.data as {questions?: unknown} | null | undefined)?.questions;
  return Array.isArray(questions) ? questions.filter(isSuggestion).slice(0, MAX_COUNT) : [];
}

export function isSuggestions({name}: {name: string}): boolean {
  return name === EFFECT;
}

function isSuggestion(value: unknown): value is Suggestion {
  const {label, prompt} = (value ?? {}) as Record<string, unknown>;
  return isShortText(label) && isShortText(prompt);
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= MAX_LENGTH;
}
