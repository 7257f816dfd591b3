import type {Annotation, Attachment, ItemOf, ThreadItem, UserPart} from './protocol.js';
import {toSteps, type Step} from './steps.js';
import type {Entry, ThreadState} from './thread.js';

export type AnswerPart = {id: string; text: string; annotations: Annotation[]; open: boolean};

/** One line on what was done for an answer, and what there is behind it. */
export type TraceLine = {text: string; active: boolean; steps: Step[]; expanded: boolean};

/** An item that is more than text. */
export type RichItem = ItemOf<'widget' | 'structured_input' | 'generated_image'>;

/** What the server says in answer to a question, in its order. */
export type TurnPart =
  | {kind: 'trace'; key: string; trace: TraceLine}
  | {kind: 'answer'; key: string; answer: AnswerPart}
  | {kind: 'rich'; key: string; item: RichItem; open: boolean};

/** A question and what followed it, ready to be drawn. */
export type Turn = {
  key: string;
  question: {content: readonly UserPart[]; attachments: readonly Attachment[]; quoted: string | undefined} | null;
  parts: TurnPart[];
};

export type TraceStrings = {thought: (seconds: number) => string; working: string};

/** The conversation as turns. A turn of which nothing has changed is the same object as before. */
export function toTurns(state: ThreadState, strings: TraceStrings): Turn[] {
  const groups: Entry[][] = [];
  for (const entry of state.entries) {
    const group = groups.at(-1);
    if (group === undefined || entry.item.type === 'user_message') {
      groups.push([entry]);
    } else {
      group.push(entry);
    }
  }
  const turns = groups.map((group) => recallTurn(group, strings));
  if (state.pending !== null) {
    turns.push({key: 'pending', question: {...state.pending, quoted: undefined}, parts: []});
  }
  const last = turns.at(-1);
  if (last !== undefined && state.progress !== null && !isActive(last.parts.at(-1))) {
    turns.splice(-1, 1, {...last, parts: [...last.parts, toProgress(state.progress)]});
  }
  return turns;
}

/** By the first entry of each: entries are never changed, only replaced. */
const TURNS = new WeakMap<Entry, {entries: readonly Entry[]; strings: TraceStrings; turn: Turn}>();

function recallTurn(entries: readonly Entry[], strings: TraceStrings): Turn {
  const [first] = entries;
  const known = first && TURNS.get(first);
  if (known?.strings === strings && known.entries.length === entries.length && known.entries.every((entry, at) => entry === entries[at])) {
    return known.turn;
  }
  const turn = toTurn(entries, strings);
  if (first !== undefined) {
    TURNS.set(first, {entries, strings, turn});
  }
  return turn;
}

/** Items without a face (the ends of turns) are left out. */
function toTurn(entries: readonly Entry[], strings: TraceStrings): Turn {
  const turn: Turn = {key: 'start', question: null, parts: []};
  for (const {item, open} of entries) {
    if (item.type === 'user_message') {
      const {content, attachments = [], quoted_text: quoted} = item;
      turn.key = item.id;
      turn.question = {content, attachments, quoted};
      continue;
    }
    const part = toPart(item, open, turn, strings);
    if (part !== undefined) {
      turn.parts.push(part);
    }
  }
  return turn;
}

/** What the server is doing, as long as it does it. */
export function toProgress(text: string): TurnPart {
  return {kind: 'trace', key: 'progress', trace: {text, active: true, steps: [], expanded: false}};
}

/** The answers of a turn that are text. */
export function answersOf({parts}: Turn): AnswerPart[] {
  return parts.flatMap((part) => (part.kind === 'answer' ? [part.answer] : []));
}

/** Whether the server has said something, not only done something. */
export function hasAnswer({parts}: Turn): boolean {
  return parts.some(({kind}) => kind !== 'trace');
}

function isActive(part: TurnPart | undefined): boolean {
  return part?.kind === 'trace' && part.trace.active;
}

function toPart(item: ThreadItem, open: boolean, turn: Turn, strings: TraceStrings): TurnPart | undefined {
  switch (item.type) {
    case 'assistant_message': {
      const answer = toAnswer(item, open);
      return answer && {kind: 'answer', key: item.id, answer};
    }
    case 'widget':
    case 'structured_input':
    case 'generated_image':
      return {kind: 'rich', key: item.id, item, open};
    case 'workflow':
    case 'task': {
      const trace = toTrace(item, open, turn, strings);
      return trace && {kind: 'trace', key: item.id, trace};
    }
    case 'client_tool_call': {
      const trace = {text: strings.working, active: true, steps: [], expanded: false};
      return item.status === 'pending' ? {kind: 'trace', key: item.id, trace} : undefined;
    }
    default:
      return undefined;
  }
}

/** Parts become one text: the offsets of the later ones move along. */
function toAnswer({id, content}: ItemOf<'assistant_message'>, open: boolean): AnswerPart | undefined {
  let text = '';
  const annotations: Annotation[] = [];
  for (const part of content) {
    const start = text === '' ? 0 : text.length + 2;
    text = text === '' ? part.text : `${text}\n\n${part.text}`;
    for (const annotation of part.annotations) {
      annotations.push(annotation.index === undefined ? annotation : {...annotation, index: start + annotation.index});
    }
  }
  return text === '' ? undefined : {id, text, annotations, open};
}

function toTrace(item: ItemOf<'workflow' | 'task'>, open: boolean, turn: Turn, strings: TraceStrings): TraceLine | undefined {
  const tasks = item.type === 'task' ? [item.task] : item.workflow.tasks;
  const task = tasks.findLast(({status_indicator: status}) => status === 'loading') ?? tasks.at(-1);
  const text = (item.type === 'workflow' ? summaryOf(item, strings) : undefined) ?? task?.title ?? contentOf(task);
  if (text === undefined) {
    return undefined;
  }
  const asked = turn.question?.content.map((part) => part.text).join('') ?? '';
  const expanded = item.type === 'workflow' && item.workflow.expanded === true;
  return {text, active: open, steps: toSteps(tasks, asked, text), expanded};
}

function summaryOf({workflow: {summary}}: ItemOf<'workflow'>, strings: TraceStrings): string | undefined {
  if (summary === undefined) {
    return undefined;
  }
  return 'title' in summary ? summary.title : strings.thought(summary.duration);
}

function contentOf(task: ItemOf<'task'>['task'] | undefined): string | undefined {
  return task !== undefined && 'content' in task ? task.content : undefined;
}
