import type {
  Annotation,
  Attachment,
  Inquiry,
  ItemUpdate,
  Task,
  TextPart,
  ThreadEvent,
  ThreadItem,
  UserPart,
} from './protocol.js';

type Fields = Record<string, unknown>;
/** What there must be, with the gaps filled that a server may leave; undefined when it is missing. */
type Read = (fields: Fields) => Fields | undefined;

const EVENTS: Record<ThreadEvent['type'], Read> = {
  'thread.created': ({thread}) => only('thread', fieldsOf(thread)),
  'thread.updated': ({thread}) => only('thread', fieldsOf(thread)),
  'thread.item.added': ({item}) => only('item', readItem(item)),
  'thread.item.done': ({item}) => only('item', readItem(item)),
  'thread.item.replaced': ({item}) => only('item', readItem(item)),
  'thread.item.removed': ({item_id: id}) => only('item_id', textOf(id)),
  'thread.item.updated': ({update}) => only('update', read<ItemUpdate>(UPDATES, update)),
  stream_options: ({stream_options: options}) => only('stream_options', fieldsOf(options)),
  progress_update: ({text}) => only('text', textOf(text)),
  client_effect: ({name}) => only('name', textOf(name)),
  notice: ({message, title}) => typeof message === 'string' ? {title: textOf(title)} : undefined,
  error: ({code, message}) => typeof code === 'string' ? {message: textOf(message)} : undefined,
};

const ITEMS: Record<ThreadItem['type'], Read> = {
  user_message: ({content, attachments}) => ({content: listOf(content, readUserPart), attachments: listOf(attachments, readAttachment)}),
  assistant_message: ({content}) => ({content: listOf(content, readPart)}),
  workflow: ({workflow}) => {
    const {tasks, ...rest} = fieldsOf(workflow) ?? {};
    return {workflow: {...rest, tasks: listOf(tasks, readTask)}};
  },
  task: ({task}) => only('task', readTask(task)),
  widget: ({widget}) => only('widget', fieldsOf(widget)),
  generated_image: ({image}) => ({image: readImage(image)}),
  structured_input: ({inputs}) => ({inputs: listOf(inputs, readInquiry)}),
  client_tool_call: ({name, arguments: params}) => (typeof name === 'string' ? {arguments: fieldsOf(params) ?? {}} : undefined),
  end_of_turn: () => ({}),
};

const UPDATES: Record<ItemUpdate['type'], Read> = {
  'assistant_message.content_part.added': ({content}) => only('content', readPart(content)),
  'assistant_message.content_part.text_delta': ({delta}) => only('delta', textOf(delta)),
  'assistant_message.content_part.annotation_added': ({annotation}) => only('annotation', readAnnotation(annotation)),
  'assistant_message.content_part.done': ({content}) => only('content', readPart(content)),
  'widget.root.updated': ({widget}) => only('widget', fieldsOf(widget)),
  'widget.component.updated': ({component}) => only('component', fieldsOf(component)),
  'widget.streaming_text.value_delta': ({delta}) => only('delta', textOf(delta)),
  'workflow.task.added': ({task}) => only('task', readTask(task)),
  'workflow.task.updated': ({task}) => only('task', readTask(task)),
  'generated_image.updated': ({image}) => only('image', readImage(image)),
};

/**
 * One event from the `data` of a server-sent message. Undefined for what this client does not know and for
 * what is damaged: nothing that is drawn later has to wonder what it was given.
 */
export function parseEvent(data: string): ThreadEvent | undefined {
  try {
    return read<ThreadEvent>(EVENTS, JSON.parse(data));
  } catch {
    return undefined;
  }
}

/** An item as a server stores it; undefined for what this client does not know or cannot use. */
export function readItem(value: unknown): ThreadItem | undefined {
  return typeof fieldsOf(value)?.id === 'string' ? read<ThreadItem>(ITEMS, value) : undefined;
}

function read<T extends {type: string}>(kinds: Record<T['type'], Read>, value: unknown): T | undefined {
  const fields = fieldsOf(value);
  const type = fields?.type;
  if (fields === undefined || typeof type !== 'string' || !Object.hasOwn(kinds, type)) {
    return undefined;
  }
  const found = (kinds as Record<string, Read>)[type]?.(fields);
  return found && ({...fields, ...found} as unknown as T);
}

function readPart(value: unknown): TextPart | undefined {
  const {text, annotations} = fieldsOf(value) ?? {};
  return typeof text === 'string' ? {type: 'output_text', text, annotations: listOf(annotations, readAnnotation)} : undefined;
}

function readAnnotation(value: unknown): Annotation | undefined {
  const {index, source} = fieldsOf(value) ?? {};
  const {type, title, id, url, filename} = fieldsOf(source) ?? {};
  const name = type === 'entity' ? id : type === 'url' ? url : type === 'file' ? filename : undefined;
  if (typeof title !== 'string' || typeof name !== 'string') {
    return undefined;
  }
  return {type: 'annotation', source: source as Annotation['source'], ...(typeof index === 'number' ? {index} : {})};
}

function readUserPart(value: unknown): UserPart | undefined {
  const part = fieldsOf(value) ?? {};
  if (typeof part.text !== 'string') {
    return undefined;
  }
  return part.type === 'input_tag'
    ? ({...part, id: String(part.id), data: fieldsOf(part.data) ?? {}} as UserPart)
    : {type: 'input_text', text: part.text};
}

function readAttachment(value: unknown): Attachment | undefined {
  const {id, name} = fieldsOf(value) ?? {};
  return typeof id === 'string' && typeof name === 'string' ? (value as Attachment) : undefined;
}

function readTask(value: unknown): Task | undefined {
  const task = fieldsOf(value);
  const words = ['title', 'content', 'title_query'].filter((name) => typeof task?.[name] !== 'string');
  return task && (without(task, words) as Task);
}

function readImage(value: unknown): unknown {
  return typeof fieldsOf(value)?.url === 'string' ? value : undefined;
}

function readInquiry(value: unknown): Inquiry | undefined {
  const inquiry = fieldsOf(value) ?? {};
  const {id, question, type, options} = inquiry;
  if (typeof id !== 'string' || typeof question !== 'string') {
    return undefined;
  }
  const offered = listOf(options, (option) => (typeof fieldsOf(option)?.value === 'string' ? (option as {value: string}) : undefined));
  return {...inquiry, ...(type === 'multiple_choice' ? {options: offered} : {type: 'freeform'})} as Inquiry;
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function listOf<T>(value: unknown, read: (one: unknown) => T | undefined): T[] {
  return Array.isArray(value) ? value.map(read).filter((one) => one !== undefined) : [];
}

function only(name: string, value: unknown): Fields | undefined {
  return value === undefined ? undefined : {[name]: value};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
