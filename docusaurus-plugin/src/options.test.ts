import {normalizePluginOptions} from '@docusaurus/utils-validation';
import {describe, expect, it} from 'vitest';
import {CHATKIT_SCRIPT_URL, DEFAULT_OPTIONS, validateOptions} from './options';
import type {Options, PluginOptions} from './options';
import type {Validate} from '@docusaurus/types';

function validate(options: unknown): PluginOptions {
  return validateOptions({
    validate: normalizePluginOptions as Validate<Options | undefined, PluginOptions>,
    options: options as Options | undefined,
  });
}

describe('validateOptions', () => {
  it('gives the defaults without options', () => {
    expect(validate(undefined)).toEqual(DEFAULT_OPTIONS);
    expect(validate({})).toEqual({
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
    });
  });

  it('keeps what is given, and fills in the position of a launcher', () => {
    const options = {
      serverUrl: 'https://chat.example.com/docs',
      ui: 'chatkit',
      domainKey: 'domain_pk_1',
      chatkitScriptUrl: '/chatkit.js',
      title: 'Ask',
      greeting: 'Hello',
      prompts: ['One?', 'Two?'],
      placeholder: 'Ask',
      disclaimer: 'Check',
      shortcut: null,
      selectionButton: false,
      codeButton: true,
      consent: {message: 'OK?'},
      theme: {radius: 'round', color: {accent: {primary: '#000000', level: 2}}},
      fallbackLink: {label: 'Forum', url: 'mailto:help@example.com'},
      attachments: true,
      dictation: true,
    };
    expect(validate({...options, launcher: {label: 'Chat'}})).toEqual({
      ...options,
      id: 'default',
      launcher: {label: 'Chat', position: 'bottom-end'},
    });
    expect(validate({launcher: false}).launcher).toBe(false);
  });

  it.each([
    [{ui: 'chat'}, 'option "ui" must be one of "auto", "chatkit", "panel"; received "chat".'],
    [
      {serverUrl: 'chat.example.com'},
      'option "serverUrl" must be "" (the same origin), an http(s):// URL or a path that starts with "/"; received "chat.example.com".',
    ],
    [
      {launcher: {position: 'top'}},
      'option "launcher.position" must be one of "bottom-end", "bottom-start"; received "top".',
    ],
    [{attachments: 'yes'}, 'option "attachments" must be true or false; received "yes".'],
    [{dictation: 1}, 'option "dictation" must be true or false; received 1.'],
    [{launcher: true}, 'option "launcher" must be false, or an object {label, position}; received true.'],
    [{prompts: 'One?'}, 'option "prompts" must be a list of non-empty texts; received "One?".'],
    [{prompts: ['One?', '']}, 'option "prompts" must be a list of non-empty texts; received "".'],
    [{title: ''}, 'option "title" must be a non-empty text; received "".'],
    [
      {shortcut: 'i'},
      'option "shortcut" must be null, or keys such as "mod+i" (mod, ctrl, meta, alt, shift, then one key); received "i".',
    ],
    [
      {consent: 'yes'},
      'option "consent" must be true, false, or an object {message}; received "yes".',
    ],
    [
      {fallbackLink: {label: 'Forum'}},
      'option "fallbackLink.url" must be an http(s):// URL or a path that starts with "/", or a mailto: address; received nothing.',
    ],
    [
      {chatkitScriptUrl: 'cdn.js'},
      'option "chatkitScriptUrl" must be an http(s):// URL or a path that starts with "/"; received "cdn.js".',
    ],
    [
      {launcher: {position: () => 'top'}},
      'option "launcher.position" must be one of "bottom-end", "bottom-start"; received a function.',
    ],
  ])('says in one sentence what is wrong with %j', (options, message) => {
    expect(() => validate(options)).toThrow(`docusaurus-plugin-docs-chat: ${message}`);
  });

  it('suggests the nearest option for an unknown one', () => {
    expect(() => validate({serverURL: '/chat'})).toThrow(
      /^docusaurus-plugin-docs-chat: unknown option "serverURL" \(received "\/chat"\), did you mean "serverUrl"\?; the options are id, serverUrl, ui, /,
    );
    expect(() => validate({launcher: {lable: 'Chat'}})).toThrow(
      /unknown option "launcher.lable" \(received "Chat"\), did you mean "launcher.label"/,
    );
  });

  it('suggests nothing when no option is near', () => {
    expect(() => validate({zzzzzz: 1})).toThrow(/unknown option "zzzzzz" \(received 1\); the options are/);
  });

  it('refuses a second instance', () => {
    expect(() => validate({id: 'other'})).toThrow(
      /option "id" must be "default"; received "other"\. A site has one chat/,
    );
  });
});
