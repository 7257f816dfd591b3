import type {Annotation, ThreadItem} from './protocol.js';
import {toSearches, type Search} from './searches.js';
import {textOf, type ThreadState} from './thread.js';

export type AnswerPart = {id: string; text: string; annotations: Annotation[]; open: boolean};

/** A question and what followed it, ready to be drawn. */
export type Turn = {
  key: string;
  question: {text: string; quoted: string | undefined} | null;
  /** One line on what was done for the answer, and the searches behind it. */
  trace: {text: string; active: boolean; searches: Search[]} | null;
  answers: AnswerPart[];
};

export type TraceStrings = {thought: (seconds: number) => string};

/** The conversation as turns. Items without a face here (images, effects, tool calls) are left out. */
export function toTurns(state: ThreadState, strings: TraceStrings): Turn[] {
  const turns: Turn[] = [];
  const current = (): Turn => {
    const last = turns.at(-1);
    if (last !== undefined) {
      return last;
    }
    const first: Turn = {key: 'start', question: null, trace: null, answers: []};
    turns.push(first);
    return first;
  };
  for (const {item, open} of state.entries) {
    if (item.type === 'user_message') {
      turns.push({key: item.id, question: {text: textOf(item), quoted: item.quoted_text}, trace: null, answers: []});
      continue;
    }
    const turn = current();
    const trace = traceOf(item, strings);
    if (trace !== undefined) {
      const tasks = item.type === 'workflow' ? item.workflow.tasks : [];
      turn.trace = {text: trace, active: open, searches: toSearches(tasks, turn.question?.text ?? '')};
    }
    const answer = answerOf(item, open);
    if (answer !== undefined) {
      turn.answers.push(answer);
    }
  }
  if (state.pending !== null) {
    turns.push({key: 'pending', question: {text: state.pending, quoted: undefined}, trace: null, answers: []});
  }
  const last = turns.at(-1);
  if (last !== undefined && state.progress !== null && last.trace?.active !== true) {
    last.trace = {text: state.progress, active: true, searches: []};
  }
  return turns;
}

function answerOf(item: ThreadItem, open: boolean): AnswerPart | undefined {
  if (item.type === 'widget' && item.copy_text !== undefined) {
    return {id: item.id, text: item.copy_text, annotations: [], open};
  }
  if (item.type !== 'assistant_message') {
    return undefined;
  }
  // Parts become one text: the offsets of the later ones move along.
  let text = '';
  const annotations: Annotation[] = [];
  for (const part of item.content) {
    const start = text === '' ? 0 : text.length + 2;
    text = text === '' ? part.text : `${text}\n\n${part.text}`;
    for (const annotation of part.annotations) {
      annotations.push(annotation.index === undefined ? annotation : {...annotation, index: start + annotation.index});
    }
  }
  return text === '' ? undefined : {id: item.id, text, annotations, open};
}

function traceOf(item: ThreadItem, strings: TraceStrings): string | undefined {
  if (item.type === 'task') {
    return item.task.title ?? item.task.content;
  }
  if (item.type !== 'workflow') {
    return undefined;
  }
  const {summary, tasks} = item.workflow;
  if (summary !== undefined) {
    return 'title' in summary ? summary.title : strings.thought(summary.duration);
  }
  const task = tasks.findLast(({status_indicator: status}) => status === 'loading') ?? tasks.at(-1);
  return task?.title ?? task?.content;
}
