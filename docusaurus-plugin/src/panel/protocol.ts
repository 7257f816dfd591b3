/**
 * What a ChatKit server sends: threads, their items, and the events of a stream. What it is asked is in
 * `requests.ts`. Fields that only a server or another client needs are left out.
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
  data?: Record<string, unknown>;
};
export type UrlSource = SourceBase & {type: 'url'; url: string; attribution?: string};
export type FileSource = SourceBase & {type: 'file'; filename: string};
export type Source = EntitySource | UrlSource | FileSource;

/** `index` counts UTF-16 code units of the text; without it the source is only listed. */
export type Annotation = {type: 'annotation'; index?: number; source: Source};

export type TextPart = {type: 'output_text'; text: string; annotations: Annotation[]};

export type TextInput = {type: 'input_text'; text: string};
/** An entity that the reader named: of this server a page, with its `permalink` in the data. */
export type TagInput = {
  type: 'input_tag';
  id: string;
  text: string;
  data: Record<string, unknown>;
  group?: string;
  interactive?: boolean;
};
export type UserPart = TextInput | TagInput;

export type Attachment = {
  id: string;
  name: string;
  mime_type: string;
  type: 'file' | 'image';
  preview_url?: string;
  /** Where the file itself goes, when the server wants it in a second request. */
  upload_descriptor?: {url: string; method: 'POST' | 'PUT'; headers?: Record<string, string>};
};

type TaskBase = {title?: string; status_indicator?: 'none' | 'loading' | 'complete'};
export type Task = TaskBase &
  (
    | {type: 'custom'; icon?: string; content?: string}
    | {type: 'web_search'; title_query?: string; queries?: string[]; sources?: UrlSource[]}
    | {type: 'thought'; content: string}
    | {type: 'file'; sources?: FileSource[]}
    | {type: 'image'}
  );

export type Workflow = {
  type: 'custom' | 'reasoning';
  tasks: Task[];
  summary?: {title: string; icon?: string} | {duration: number};
  expanded?: boolean;
};

export type GeneratedImage = {id: string; url: string};

/** A question that the server asks the reader. */
export type Inquiry = {id: string; question: string; answer?: {values: string[]; skipped?: boolean}} & (
  | {type: 'multiple_choice'; options: {value: string}[]; multiple?: boolean}
  | {type: 'freeform'; description?: string}
);

/** What a widget asks for when it is used: of the server unless `handler` says of the page. */
export type ActionConfig = {
  type: string;
  payload?: unknown;
  handler?: 'client' | 'server';
  loadingBehavior?: 'auto' | 'none' | 'self' | 'container';
  streaming?: boolean;
};

/** A widget's tree, as the server made it: each use of a field checks what it is. */
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
    | {type: 'user_message'; content: UserPart[]; attachments?: Attachment[]; quoted_text?: string}
    | {type: 'assistant_message'; content: TextPart[]}
    | {type: 'workflow'; workflow: Workflow}
    | {type: 'task'; task: Task}
    | {type: 'widget'; widget: WidgetNode; copy_text?: string}
    | {type: 'generated_image'; image?: GeneratedImage; progress?: number}
    | {type: 'structured_input'; status: 'pending' | 'answered' | 'skipped'; inputs: Inquiry[]}
    | {
        type: 'client_tool_call';
        status: 'pending' | 'completed';
        call_id: string;
        name: string;
        arguments: Record<string, unknown>;
        output?: unknown;
      }
    | {type: 'end_of_turn'}
  );

/** The items of one type. */
export type ItemOf<T extends ThreadItem['type']> = Extract<ThreadItem, {type: T}>;

export type ThreadStatus = {type: 'active' | 'locked' | 'closed'; reason?: string};

export type Thread = {
  id: string;
  title?: string;
  created_at: string;
  status?: ThreadStatus;
  /** The hosts that images may come from; absent: any. */
  allowed_image_domains?: string[];
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
