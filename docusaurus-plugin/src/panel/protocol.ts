/**
 * The ChatKit protocol as far as a text client speaks it: one endpoint, `POST <server>/chatkit`,
 * a JSON body `{type, params}`, and either one JSON document or a stream of events in return.
 */

export type Page<T> = {data: T[]; has_more: boolean; after?: string};

type SourceBase = {title: string; description?: string};

export type EntitySource = SourceBase & {
  type: 'entity';
  id: string;
  label?: string;
  inline_label?: string;
  interactive?: boolean;
  /** Where the source is: `n`, `permalink`, `anchor`, `url`, `breadcrumb`, `version`, `version_label`, `locale`, `quote`. */
  data?: Record<string, string>;
};
export type UrlSource = SourceBase & {type: 'url'; url: string; attribution?: string};
export type FileSource = SourceBase & {type: 'file'; filename: string};
export type Source = EntitySource | UrlSource | FileSource;

/** `index` counts UTF-16 code units of the text; without it the source is only listed. */
export type Annotation = {type: 'annotation'; index?: number; source: Source};

export type TextPart = {type: 'output_text'; text: string; annotations: Annotation[]};

export type UserPart =
  | {type: 'input_text'; text: string}
  | {type: 'input_tag'; id: string; text: string; data: Record<string, unknown>};

export type Task = {
  type: string;
  title?: string;
  content?: string;
  status_indicator?: 'none' | 'loading' | 'complete';
  /** Of a search: what it looked for, what it found. */
  title_query?: string;
  queries?: string[];
  sources?: Source[];
};

export type Workflow = {
  type: 'custom' | 'reasoning';
  tasks: Task[];
  summary?: {title: string; icon?: string} | {duration: number};
  expanded?: boolean;
};

export type GeneratedImage = {id: string; url: string};

/** A widget's tree. Only its ids, text values and children matter to the reducer. */
export type WidgetNode = {
  type?: string;
  id?: string;
  value?: string;
  children?: WidgetNode[] | WidgetNode;
  [key: string]: unknown;
};

type ItemBase = {id: string; thread_id?: string; created_at?: string};

export type ThreadItem = ItemBase &
  (
    | {type: 'user_message'; content: UserPart[]; quoted_text?: string}
    | {type: 'assistant_message'; content: TextPart[]}
    | {type: 'workflow'; workflow: Workflow}
    | {type: 'task'; task: Task}
    | {type: 'widget'; widget: WidgetNode; copy_text?: string}
    | {type: 'generated_image'; image?: GeneratedImage; progress?: number}
    | {type: 'structured_input'; status: string; inputs: unknown[]}
    | {type: 'client_tool_call'; status: string; call_id: string; name: string}
    | {type: 'end_of_turn'}
  );

export type ThreadStatus = {type: 'active' | 'locked' | 'closed'; reason?: string};

export type Thread = {
  id: string;
  title?: string;
  created_at: string;
  status?: ThreadStatus;
  items?: Page<ThreadItem>;
};

export type ItemUpdate =
  | {type: 'assistant_message.content_part.added'; content_index: number; content: TextPart}
  | {type: 'assistant_message.content_part.text_delta'; content_index: number; delta: string}
  | {
      type: 'assistant_message.content_part.annotation_added';
      content_index: number;
      annotation_index: number;
      annotation: Annotation;
    }
  | {type: 'assistant_message.content_part.done'; content_index: number; content: TextPart}
  | {type: 'widget.root.updated'; widget: WidgetNode}
  | {type: 'widget.component.updated'; component_id: string; component: WidgetNode}
  | {type: 'widget.streaming_text.value_delta'; component_id: string; delta: string; done: boolean}
  | {type: 'workflow.task.added'; task_index: number; task: Task}
  | {type: 'workflow.task.updated'; task_index: number; task: Task}
  | {type: 'generated_image.updated'; image: GeneratedImage; progress?: number};

export type NoticeLevel = 'info' | 'warning' | 'danger';

export type ThreadEvent =
  | {type: 'thread.created'; thread: Thread}
  | {type: 'thread.updated'; thread: Thread}
  | {type: 'thread.item.added'; item: ThreadItem}
  | {type: 'thread.item.updated'; item_id: string; update: ItemUpdate}
  | {type: 'thread.item.done'; item: ThreadItem}
  | {type: 'thread.item.removed'; item_id: string}
  | {type: 'thread.item.replaced'; item: ThreadItem}
  | {type: 'stream_options'; stream_options: {allow_cancel: boolean}}
  | {type: 'progress_update'; text: string; icon?: string}
  | {type: 'client_effect'; name: string; data?: Record<string, unknown>}
  | {type: 'notice'; level: NoticeLevel; message: string; title?: string}
  | {type: 'error'; code: string; message?: string; allow_retry: boolean};

export type UserInput = {
  content: UserPart[];
  attachments: string[];
  inference_options: Record<string, never>;
  quoted_text?: string;
};

export type FeedbackKind = 'positive' | 'negative';

type ListParams = {limit?: number; order?: 'asc' | 'desc'; after?: string};

export type StreamRequest =
  | {type: 'threads.create'; params: {input: UserInput}}
  | {type: 'threads.add_user_message'; params: {thread_id: string; input: UserInput}}
  | {type: 'threads.retry_after_item'; params: {thread_id: string; item_id: string}};

/** The requests answered by one JSON document, each with what it answers. */
export type JsonOperations = {
  'threads.get_by_id': {params: {thread_id: string}; result: Thread};
  'threads.list': {params: ListParams; result: Page<Thread>};
  'threads.update': {params: {thread_id: string; title: string}; result: Thread};
  'threads.delete': {params: {thread_id: string}; result: Record<string, never>};
  'items.list': {params: ListParams & {thread_id: string}; result: Page<ThreadItem>};
  'items.feedback': {
    params: {thread_id: string; item_ids: string[]; kind: FeedbackKind};
    result: Record<string, never>;
  };
};

export type ChatRequest =
  | StreamRequest
  | {[T in keyof JsonOperations]: {type: T; params: JsonOperations[T]['params']}}[keyof JsonOperations];

/** What each event cannot do without. */
const REQUIRED_FIELD: Record<ThreadEvent['type'], string> = {
  'thread.created': 'thread',
  'thread.updated': 'thread',
  'thread.item.added': 'item',
  'thread.item.updated': 'update',
  'thread.item.done': 'item',
  'thread.item.removed': 'item_id',
  'thread.item.replaced': 'item',
  stream_options: 'stream_options',
  progress_update: 'text',
  client_effect: 'name',
  notice: 'message',
  error: 'code',
};

/** One event from the `data` of a server-sent message; undefined for what this client does not know. */
export function parseEvent(data: string): ThreadEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const event = value as Record<string, unknown>;
  if (typeof event.type !== 'string' || !Object.hasOwn(REQUIRED_FIELD, event.type)) {
    return undefined;
  }
  const field = REQUIRED_FIELD[event.type as ThreadEvent['type']];
  return event[field] === undefined ? undefined : (value as ThreadEvent);
}

export function toUserInput(text: string): UserInput {
  return {content: [{type: 'input_text', text}], attachments: [], inference_options: {}};
}
