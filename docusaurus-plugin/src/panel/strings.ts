import type {AdmonitionKind} from './admonitions.js';
import type {FailureKind} from './failure.js';

export type ErrorText = {title: string; body: string};

/** Every text the panel shows or announces. */
export type PanelStrings = {
  newChat: string;
  history: string;
  close: string;
  scope: (label: string) => string;
  conversation: string;
  question: string;
  answer: string;
  send: string;
  stop: string;
  stopped: string;
  composer: string;
  jumpToLatest: string;
  /** Shown and announced until the server says what it does. */
  searching: string;
  loading: string;
  /** While a tool of the page runs. */
  working: string;
  /** The trace of a server that tells only how long it thought. */
  thought: (seconds: number) => string;
  /** The list of what a search found. */
  found: string;
  foundNothing: string;
  answerReady: (text: string, sources: number) => string;
  sources: string;
  source: (n: string, title: string) => string;
  version: (label: string) => string;
  helpful: string;
  notHelpful: string;
  copyAnswer: string;
  copyCode: string;
  copied: string;
  tryAgain: string;
  suggestions: string;
  table: string;
  admonitions: Record<AdmonitionKind, string>;
  /** Opens what a quoted section says beyond the part that matters. */
  rest: string;
  code: (language: string) => string;
  historyTitle: string;
  historyEmpty: string;
  historyMore: string;
  back: string;
  untitled: string;
  rename: string;
  renameField: string;
  save: string;
  cancel: string;
  remove: string;
  removeQuestion: (title: string) => string;
  errors: Record<FailureKind, ErrorText>;
  /** Shown instead of the error when part of the answer has arrived. */
  cutHalfway: ErrorText;
  waitSeconds: (seconds: number) => string;
  /** For what takes longer than a minute or two: the time of day, with the day when it is another. */
  waitUntil: (time: string) => string;
  waitOver: string;
  offline: ErrorText;
  backOnline: ErrorText;
  closedChat: ErrorText;
  lockedChat: ErrorText;
  feedback: {
    title: string;
    reasons: Record<'wrong' | 'missing' | 'off_topic' | 'unsupported', string>;
    text: string;
    send: string;
    skip: string;
    thanks: string;
  };
  /** Questions of the server. */
  inquiry: {submit: string; skip: string; other: string; skipped: string};
  widget: {choose: string};
  image: {alt: string; making: string; refused: (host: string) => string};
  /** Naming a page with @. */
  tags: {list: string; found: (count: number) => string; none: string; chosen: string; remove: (title: string) => string};
  files: {
    add: string;
    list: string;
    sending: string;
    failed: string;
    tooLarge: (size: string) => string;
    tooMany: (count: number) => string;
    remove: (name: string) => string;
  };
};

export const DEFAULT_STRINGS: PanelStrings = {
  newChat: 'New chat',
  history: 'Past chats',
  close: 'Close',
  scope: (label) => `Answers are for ${label}`,
  conversation: 'Conversation',
  question: 'Your question',
  answer: 'Answer',
  send: 'Send',
  stop: 'Stop',
  stopped: 'Stopped.',
  composer: 'Your question',
  jumpToLatest: 'Jump to latest',
  searching: 'Searching the docs…',
  loading: 'Loading the chat…',
  working: 'Working…',
  thought: (seconds) => `Thought for ${seconds} s`,
  found: 'Sections found',
  foundNothing: 'Nothing found.',
  answerReady: (text, sources) => `${text} ${sources === 1 ? '1 source.' : `${sources} sources.`}`,
  sources: 'Sources',
  source: (n, title) => `Source ${n}: ${title}`,
  version: (label) => `Version ${label}`,
  helpful: 'Helpful',
  notHelpful: 'Not helpful',
  copyAnswer: 'Copy answer',
  copyCode: 'Copy code',
  copied: 'Copied',
  tryAgain: 'Try again',
  suggestions: 'Suggested questions',
  table: 'Table',
  admonitions: {
    note: 'Note',
    tip: 'Tip',
    info: 'Info',
    important: 'Important',
    warning: 'Warning',
    caution: 'Caution',
    danger: 'Danger',
  },
  rest: 'The rest of this section',
  code: (language) => (language === '' ? 'Code' : `Code, ${language}`),
  historyTitle: 'Past chats',
  historyEmpty: 'No past chats yet. Your questions will be listed here.',
  historyMore: 'Show more',
  back: 'Back to the chat',
  untitled: 'Untitled chat',
  rename: 'Rename',
  renameField: 'Title of the chat',
  save: 'Save',
  cancel: 'Cancel',
  remove: 'Delete',
  removeQuestion: (title) => `Delete “${title}”? This cannot be undone.`,
  errors: {
    offline: {title: 'You’re offline', body: 'Your question is kept and will be there when you are back.'},
    network: {title: 'The server did not answer', body: 'It may be down, or something blocks the way to it. Your question is kept.'},
    unauthorized: {title: 'The server did not let you in', body: 'It refused a fresh identity. Your question is kept: try again, or reload the page.'},
    forbidden: {title: 'This is not allowed', body: 'The server refused the request. If it is an old chat, start a new one.'},
    not_found: {title: 'This chat no longer exists', body: 'It was deleted or has expired. Asked again, your question starts a new chat.'},
    too_large: {title: 'That’s too long', body: 'Shorten your question and send it again.'},
    rate_limited: {title: 'That’s a lot of questions', body: 'Your question is kept.'},
    rejected: {title: 'The server refused the question', body: 'It is kept here. Try again, or ask in other words.'},
    server: {title: 'Something went wrong on the server', body: 'Your question is kept. Try again in a moment.'},
    bad_response: {title: 'The answer could not be read', body: 'Something other than the chat server answered. Your question is kept.'},
    cut: {title: 'The connection broke', body: 'No answer arrived. Your question is kept.'},
    stream: {title: 'The answer failed', body: 'Your question is kept. Try again in a moment.'},
  },
  cutHalfway: {title: 'The answer stopped half-way', body: 'The connection broke. What arrived is kept.'},
  waitSeconds: (seconds) => `You can ask again in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`,
  waitUntil: (time) => `You can ask again from ${time}.`,
  waitOver: 'You can ask again now.',
  offline: {title: 'You’re offline', body: 'What you type is kept. Ask when you are back.'},
  backOnline: {title: 'You’re back online', body: 'Your question was kept.'},
  closedChat: {title: 'This chat is closed', body: 'It takes no more questions. Start a new one to go on.'},
  lockedChat: {title: 'This chat is locked', body: 'It takes no questions for now. Start a new one to go on.'},
  feedback: {
    title: 'What was not helpful?',
    reasons: {
      wrong: 'It is wrong',
      missing: 'Something is missing',
      off_topic: 'It is about something else',
      unsupported: 'The sources do not say so',
    },
    text: 'In your own words (optional)',
    send: 'Send',
    skip: 'Skip',
    thanks: 'Thank you. It helps to improve these docs.',
  },
  inquiry: {submit: 'Send answers', skip: 'Skip', other: 'Something else', skipped: 'Skipped'},
  widget: {choose: 'Choose…'},
  image: {
    alt: 'Generated image',
    making: 'Making an image…',
    refused: (host) => `An image from ${host} is not shown.`,
  },
  tags: {
    list: 'Pages',
    found: (count) => (count === 1 ? '1 page found.' : `${count} pages found.`),
    none: 'No page found.',
    chosen: 'Pages in your question',
    remove: (title) => `Remove ${title}`,
  },
  files: {
    add: 'Add a file',
    list: 'Files',
    sending: 'Sending…',
    failed: 'Not sent',
    tooLarge: (size) => `Larger than ${size}`,
    tooMany: (count) => (count === 1 ? 'One file at most' : `${count} files at most`),
    remove: (name) => `Remove ${name}`,
  },
};
