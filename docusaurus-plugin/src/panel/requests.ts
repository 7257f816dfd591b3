import type {ActionConfig, Attachment, Page, Thread, ThreadItem, UserPart} from './protocol.js';

/**
 * What a ChatKit server can be asked: one endpoint, `POST <server>/chatkit`, a JSON body `{type, params}`,
 * and either a stream of events or one JSON document in return.
 */
export type ChatRequest = StreamRequest | JsonRequest;

/** A question as the reader wrote it. */
export type Message = {content: readonly UserPart[]; attachments: readonly Attachment[]};

export type UserInput = {
  content: readonly UserPart[];
  /** Their ids. */
  attachments: string[];
  inference_options: Record<string, never>;
  quoted_text?: string;
};

/** What the reader answered to the questions of the server, by their ids. */
export type Submission = {
  status: 'answered' | 'skipped';
  answers: Record<string, {values: string[]; skipped: boolean}>;
};

export type Action = Pick<ActionConfig, 'type' | 'payload'>;

export type FeedbackKind = 'positive' | 'negative';

type InThread = {thread_id: string};
type ListParams = {limit?: number; order?: 'asc' | 'desc'; after?: string};

/** The requests answered by a stream of events, each with its parameters. */
export type StreamOperations = {
  'threads.create': {input: UserInput};
  'threads.add_user_message': InThread & {input: UserInput};
  'threads.retry_after_item': InThread & {item_id: string};
  'threads.add_client_tool_output': InThread & {result: unknown};
  'threads.add_structured_input': InThread & {item_id: string; input: Submission};
  'threads.custom_action': InThread & {item_id?: string; action: Action};
};

/** The requests answered by one JSON document, each with what it answers. */
export type JsonOperations = {
  'threads.get_by_id': {params: InThread; result: Thread};
  'threads.list': {params: ListParams; result: Page<Thread>};
  'threads.update': {params: InThread & {title: string}; result: Thread};
  'threads.delete': {params: InThread; result: Nothing};
  'threads.sync_custom_action': {
    params: StreamOperations['threads.custom_action'];
    result: {updated_item?: ThreadItem};
  };
  'items.list': {params: ListParams & InThread; result: Page<ThreadItem>};
  'items.feedback': {params: InThread & {item_ids: string[]; kind: FeedbackKind}; result: Nothing};
  'attachments.create': {params: {name: string; size: number; mime_type: string}; result: Attachment};
  'attachments.delete': {params: {attachment_id: string}; result: Nothing};
  'input.transcribe': {params: {audio_base64: string; mime_type: string}; result: {text: string}};
};

type Nothing = Record<string, never>;

export type StreamRequest = {[T in keyof StreamOperations]: {type: T; params: StreamOperations[T]}}[keyof StreamOperations];

export type JsonRequest = {
  [T in keyof JsonOperations]: {type: T; params: JsonOperations[T]['params']; metadata?: Metadata};
}[keyof JsonOperations];

/** What this client adds to a request that the protocol has no field for. */
export type Metadata = {docs_chat: {reason: string}};

export function toUserInput({content, attachments}: Message): UserInput {
  return {content, attachments: attachments.map(({id}) => id), inference_options: {}};
}

export function toMessage(text: string): Message {
  return {content: [{type: 'input_text', text}], attachments: []};
}
