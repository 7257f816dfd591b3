/**
 * Stands in for OpenAI's script, which no test can load: defines `<openai-chatkit>`, takes the same
 * options, sends the same requests through `api.fetch`, and dispatches the same events.
 *
 * Compile it to one classic script and serve it where the page expects ChatKit. The query of its
 * URL makes it misbehave: `?mode=undefined` defines no element, `?mode=silent` never gets ready,
 * `?mode=error` reports an error instead. What happened is in `window.chatKitRecord`.
 */
import type {
  ChatKitEvents,
  ChatKitOptions,
  CustomApiConfig,
  Entity,
  OpenAIChatKit,
} from '@openai/chatkit';

export type ChatKitRecord = {
  /** Every options object, in the order of the calls. */
  options: ChatKitOptions[];
  composer: string;
  focused: number;
  requests: {url: string; body: unknown}[];
};

declare global {
  interface Window {
    chatKitRecord: ChatKitRecord;
  }
}

type Methods = Pick<
  OpenAIChatKit,
  | 'setOptions'
  | 'focusComposer'
  | 'setThreadId'
  | 'sendUserMessage'
  | 'setComposerValue'
  | 'sendCustomAction'
  | 'fetchUpdates'
  | 'showHistory'
  | 'hideHistory'
>;

/** Complete by type: an option that ChatKit gains or loses stops the compilation. */
const OPTIONS: Record<keyof ChatKitOptions, true> = {
  api: true,
  locale: true,
  theme: true,
  frameTitle: true,
  initialThread: true,
  onClientTool: true,
  header: true,
  history: true,
  startScreen: true,
  threadItemActions: true,
  composer: true,
  disclaimer: true,
  entities: true,
  commands: true,
  widgets: true,
  thread: true,
};

type Annotation = {index?: number; source: Entity & {type: string; label?: string}};
type StreamEvent = {
  type: string;
  thread?: {id: string};
  name?: string;
  data?: Record<string, unknown>;
  item?: {type: string; content: {text: string; annotations: Annotation[]}[]};
};

const {currentScript} = document;
const mode =
  currentScript instanceof HTMLScriptElement
    ? new URL(currentScript.src).searchParams.get('mode')
    : null;
const record: ChatKitRecord = {options: [], composer: '', focused: 0, requests: []};
window.chatKitRecord = record;

class ChatKitStandIn extends HTMLElement implements Methods {
  private options: ChatKitOptions | undefined;
  private threadId: string | null = null;

  setOptions(options: ChatKitOptions): void {
    const unknown = Object.keys(options).filter((name) => !(name in OPTIONS));
    if (unknown.length > 0) {
      throw new TypeError(`ChatKit has no option ${unknown.join(', ')}`);
    }
    if (!this.options) {
      this.threadId = options.initialThread ?? null;
      setTimeout(() => this.start(), 50);
    }
    this.options = options;
    record.options.push(options);
    this.draw();
  }

  focusComposer(): Promise<void> {
    record.focused += 1;
    this.find('textarea')?.focus();
    return Promise.resolve();
  }

  setComposerValue({text = ''}: {text?: string}): Promise<void> {
    record.composer = text;
    const composer = this.find('textarea');
    if (composer) {
      composer.value = text;
    }
    return Promise.resolve();
  }

  async sendUserMessage({text = ''}: {text?: string}): Promise<void> {
    const input = {
      content: [{type: 'input_text', text}],
      attachments: [],
      inference_options: {},
    };
    const body =
      this.threadId === null
        ? {type: 'threads.create', params: {input}}
        : {type: 'threads.add_user_message', params: {thread_id: this.threadId, input}};
    this.tell('chatkit.response.start', undefined);
    const response = await this.post(body);
    for (const event of parseEvents(await response.text())) {
      this.take(event);
    }
    this.tell('chatkit.response.end', undefined);
  }

  setThreadId(threadId: string | null): Promise<void> {
    this.threadId = threadId;
    this.tell('chatkit.thread.change', {threadId});
    return Promise.resolve();
  }

  sendCustomAction = () => Promise.resolve();
  fetchUpdates = () => Promise.resolve();
  showHistory = () => Promise.resolve();
  hideHistory = () => Promise.resolve();

  private start(): void {
    if (mode === 'error') {
      this.tell('chatkit.error', {error: new Error('The domain is not allowed')});
    } else if (mode !== 'silent') {
      this.tell('chatkit.ready', undefined);
    }
  }

  private async post(body: object): Promise<Response> {
    const api = this.options?.api as CustomApiConfig;
    record.requests.push({url: api.url, body});
    return (api.fetch ?? fetch)(api.url, {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(body),
    });
  }

  private take({type, thread, item, name, data}: StreamEvent): void {
    if (type === 'thread.created' && thread) {
      void this.setThreadId(thread.id);
    }
    if (type === 'client_effect' && name !== undefined) {
      this.tell('chatkit.effect', {name, ...(data === undefined ? {} : {data})});
    }
    if (type === 'thread.item.done' && item?.type === 'assistant_message') {
      for (const {text, annotations} of item.content) {
        this.addAnswer(text, annotations);
      }
    }
  }

  private addAnswer(text: string, annotations: Annotation[]): void {
    const answer = document.createElement('article');
    answer.textContent = text;
    for (const {source} of annotations) {
      const link = document.createElement('button');
      link.textContent = `${source.label ?? ''} ${source.title}`;
      link.disabled = !source.interactive;
      link.addEventListener('click', () => this.options?.entities?.onClick?.(source));
      answer.append(link);
    }
    this.root().append(answer);
  }

  private draw(): void {
    if (this.find('textarea')) {
      return;
    }
    const {header, startScreen, composer} = this.options ?? {};
    const close = document.createElement('button');
    close.textContent = header?.rightAction?.icon ?? '';
    close.addEventListener('click', () => this.options?.header?.rightAction?.onClick());
    const greeting = document.createElement('h2');
    greeting.textContent = startScreen?.greeting ?? '';
    const form = document.createElement('form');
    const field = document.createElement('textarea');
    field.placeholder = composer?.placeholder ?? '';
    const send = document.createElement('button');
    send.textContent = 'Send';
    form.append(field, send);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.sendUserMessage({text: field.value});
      field.value = '';
    });
    this.root().append(close, greeting, form);
  }

  private root(): ShadowRoot {
    return this.shadowRoot ?? this.attachShadow({mode: 'open'});
  }

  private find<Name extends keyof HTMLElementTagNameMap>(name: Name) {
    return this.shadowRoot?.querySelector(name) ?? null;
  }

  private tell<Name extends keyof ChatKitEvents>(
    name: Name,
    detail: ChatKitEvents[Name]['detail'],
  ): void {
    this.dispatchEvent(new CustomEvent(name, {detail}));
  }
}

function parseEvents(stream: string): StreamEvent[] {
  return stream
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => JSON.parse(block.slice('data: '.length)) as StreamEvent);
}

if (mode !== 'undefined') {
  customElements.define('openai-chatkit', ChatKitStandIn);
}
