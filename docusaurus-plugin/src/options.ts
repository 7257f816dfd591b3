import {Joi} from '@docusaurus/utils-validation';
import leven from 'leven';
import type {OptionValidationContext} from '@docusaurus/types';
import type {ThemeOption} from '@openai/chatkit' with {'resolution-mode': 'import'};

export type Launcher = {
  /** Text of the button and its accessible name. Default: "Ask the docs", translated. */
  label?: string;
  /** Corner of the screen, in the direction of the text. Default: `'bottom-end'`. */
  position: 'bottom-end' | 'bottom-start';
};

/** The plugin's options once validated, with the defaults filled in. */
export type PluginOptions = {
  /** Plugin instance; only one is possible. */
  id: string;
  /** Origin (and path prefix) of the chat server. Default `''`: the docs' own origin. */
  serverUrl: string;
  /**
   * `'chatkit'`: OpenAI's component. `'panel'`: the built-in client, no third party.
   * `'auto'` (default): ChatKit with a `domainKey` or on localhost, else the panel.
   */
  ui: 'auto' | 'chatkit' | 'panel';
  /** Public key of the docs' domain, from OpenAI's domain allow-list. ChatKit needs it outside localhost. */
  domainKey?: string;
  /** Where ChatKit's script is loaded from, on first open. */
  chatkitScriptUrl: string;
  /** The floating button, or `false` to open the chat from your own elements only. */
  launcher: false | Launcher;
  /** Name of the chat. Default: "Ask the docs", translated. */
  title?: string;
  /** Heading of an empty conversation; further lines are smaller. */
  greeting?: string;
  /** Starter questions of an empty conversation; a page's own are in its front matter, `docs_chat_prompts`. */
  prompts?: string[];
  /** Placeholder of the question field. */
  placeholder?: string;
  /** Line under the question field. */
  disclaimer?: string;
  /** Keys that open and close the chat, `mod` being Ctrl or Cmd; `null` for none. */
  shortcut: string | null;
  /** Offer to ask about text that the reader selects in a page. */
  selectionButton: boolean;
  /** Offer to ask about a code block, beside its copy button. */
  codeButton: boolean;
  /** Ask the reader before ChatKit is loaded from OpenAI. */
  consent: boolean | {message: string};
  /** Lets new readers show that they are no script, where the server's `identity.challenge` wants that. */
  challenge?: {provider: 'turnstile' | 'hcaptcha'; siteKey: string};
  /** Passed to ChatKit over the theme that is read from the site. */
  theme?: Partial<ThemeOption>;
  /** Where readers can go when the docs have no answer; a path gets the base URL of the locale. */
  fallbackLink?: {label: string; url: string};
  /** Let readers add files to a question. The server must take them (`attachments.enabled`). */
  attachments: boolean;
  /** Let readers speak a question, in ChatKit. The server must take it (`dictation.enabled`). */
  dictation: boolean;
};

/** The plugin's options as written in `docusaurus.config`; all are optional. */
export type Options = Partial<Omit<PluginOptions, 'launcher'>> & {
  launcher?: false | Partial<Launcher>;
};

export const CHATKIT_SCRIPT_URL =
  'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js';

export const DEFAULT_OPTIONS = {
  id: 'default',
  serverUrl: '',
  ui: 'auto',
  chatkitScriptUrl: CHATKIT_SCRIPT_URL,
  launcher: {position: 'bottom-end'},
  shortcut: 'mod+i',
  selectionButton: true,
  codeButton: false,
  consent: false,
  attachments: false,
  dictation: false,
} as const satisfies PluginOptions;

const text = Joi.string();
const address = Joi.string().pattern(/^(?:https?:\/\/|\/)/);
const link = Joi.string().pattern(/^(?:https?:\/\/|mailto:|\/)/);

const schema = Joi.object<PluginOptions>({
  serverUrl: address.allow('').default(DEFAULT_OPTIONS.serverUrl),
  ui: Joi.string().valid('auto', 'chatkit', 'panel').default(DEFAULT_OPTIONS.ui),
  domainKey: text,
  chatkitScriptUrl: address.default(DEFAULT_OPTIONS.chatkitScriptUrl),
  launcher: Joi.object({
    label: text,
    position: Joi.string()
      .valid('bottom-end', 'bottom-start')
      .default(DEFAULT_OPTIONS.launcher.position),
  })
    .allow(false)
    .default(DEFAULT_OPTIONS.launcher),
  title: text,
  greeting: text,
  prompts: Joi.array().items(text),
  placeholder: text,
  disclaimer: text,
  shortcut: Joi.string()
    .pattern(/^(?:(?:mod|ctrl|meta|alt|shift)\+)+[a-z0-9/.,;]$/)
    .allow(null)
    .default(DEFAULT_OPTIONS.shortcut),
  selectionButton: Joi.boolean().default(DEFAULT_OPTIONS.selectionButton),
  codeButton: Joi.boolean().default(DEFAULT_OPTIONS.codeButton),
  consent: Joi.object({message: text.required()})
    .allow(true, false)
    .default(DEFAULT_OPTIONS.consent),
  challenge: Joi.object({
    provider: Joi.string().valid('turnstile', 'hcaptcha').required(),
    siteKey: text.required(),
  }),
  theme: Joi.object().unknown(true),
  fallbackLink: Joi.object({label: text.required(), url: link.required()}),
  attachments: Joi.boolean().strict().default(DEFAULT_OPTIONS.attachments),
  dictation: Joi.boolean().strict().default(DEFAULT_OPTIONS.dictation),
}).error((reports) => new Error(describe(reports[0] as Joi.ErrorReport)));

const A_TEXT = 'a non-empty text';
const AN_ADDRESS = 'an http(s):// URL or a path that starts with "/"';

const ALLOWED: Record<string, string> = {
  id: '"default" only',
  serverUrl: `"" (the same origin), ${AN_ADDRESS}`,
  ui: 'one of "auto", "chatkit", "panel"',
  domainKey: A_TEXT,
  chatkitScriptUrl: AN_ADDRESS,
  launcher: 'false, or an object {label, position}',
  'launcher.label': A_TEXT,
  'launcher.position': 'one of "bottom-end", "bottom-start"',
  title: A_TEXT,
  greeting: A_TEXT,
  prompts: 'a list of non-empty texts',
  placeholder: A_TEXT,
  disclaimer: A_TEXT,
  shortcut: 'null, or keys such as "mod+i" (mod, ctrl, meta, alt, shift, then one key)',
  selectionButton: 'true or false',
  codeButton: 'true or false',
  consent: 'true, false, or an object {message}',
  'consent.message': A_TEXT,
  challenge: 'an object {provider, siteKey}',
  'challenge.provider': 'one of "turnstile", "hcaptcha"',
  'challenge.siteKey': A_TEXT,
  theme: "an object with ChatKit's theme settings",
  fallbackLink: 'an object {label, url}',
  'fallbackLink.label': A_TEXT,
  'fallbackLink.url': `${AN_ADDRESS}, or a mailto: address`,
  attachments: 'true or false',
  dictation: 'true or false',
};

/** One sentence that names the plugin, the option, what was received and what is allowed. */
function describe({code, path, value}: Joi.ErrorReport): string {
  const names = path.filter((step) => typeof step === 'string');
  const option = names.join('.');
  if (code === 'object.unknown') {
    const parent = names.slice(0, -1).map((name) => `${name}.`).join('');
    const siblings = Object.keys(ALLOWED).filter(
      (known) => known.startsWith(parent) && !known.slice(parent.length).includes('.'),
    );
    return `docusaurus-plugin-docs-chat: unknown option "${option}" (received ${show(value)})${didYouMean(option, siblings)}; the options are ${siblings.join(', ')}.`;
  }
  if (names.length === 0) {
    return `docusaurus-plugin-docs-chat: the options must be an object, received ${show(value)}.`;
  }
  return `docusaurus-plugin-docs-chat: option "${option}" must be ${ALLOWED[option] ?? 'valid'}; received ${show(value)}.`;
}

function didYouMean(name: string, candidates: string[]): string {
  const [nearest] = candidates
    .map((candidate) => ({
      candidate,
      distance: leven(name.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(2, name.length / 3)
    ? `, did you mean "${nearest.candidate}"?`
    : '';
}

function show(value: unknown): string {
  if (typeof value === 'function') {
    return 'a function';
  }
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** @throws Error with one sentence when an option is unknown or has a wrong value. */
export function validateOptions({
  validate,
  options,
}: OptionValidationContext<Options | undefined, PluginOptions>): PluginOptions {
  const validated = validate(schema, options);
  if (validated.id !== DEFAULT_OPTIONS.id) {
    throw new Error(
      `docusaurus-plugin-docs-chat: option "id" must be "default"; received ${show(validated.id)}. A site has one chat: remove the second entry of the plugin from your config, and give the first one all the options.`,
    );
  }
  return validated;
}
