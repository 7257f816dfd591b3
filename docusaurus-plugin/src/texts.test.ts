import {describe, expect, it} from 'vitest';
import {DEFAULT_OPTIONS, type PluginOptions} from './options';
import {toChatData, toLauncherData} from './clientOptions';
import {readTexts, toTranslationFiles, translateTexts} from './texts';

const options: PluginOptions = {
  ...DEFAULT_OPTIONS,
  launcher: {label: 'Ask', position: 'bottom-start'},
  serverUrl: 'https://chat.example.com/',
  title: 'Help',
  prompts: ['How?', 'Why?'],
  consent: {message: 'May we?'},
  fallbackLink: {label: 'Forum', url: '/forum'},
};

describe('texts of the options', () => {
  it('are offered for translation, and only those that were given', () => {
    const [file, ...others] = toTranslationFiles(readTexts(options));
    expect(others).toEqual([]);
    expect(file?.path).toBe('options');
    expect(Object.entries(file?.content ?? {}).map(([key, {message}]) => [key, message])).toEqual([
      ['launcherLabel', 'Ask'],
      ['title', 'Help'],
      ['consentMessage', 'May we?'],
      ['fallbackLinkLabel', 'Forum'],
      ['prompts.0', 'How?'],
      ['prompts.1', 'Why?'],
    ]);
    expect(toTranslationFiles(readTexts(DEFAULT_OPTIONS))).toEqual([]);
  });

  it('take the translations of a locale, each on its own', () => {
    const content = {title: {message: 'Aide'}, 'prompts.1': {message: 'Pourquoi ?'}};
    expect(translateTexts(readTexts(options), [{path: 'options', content}])).toMatchObject({
      title: 'Aide',
      prompts: ['How?', 'Pourquoi ?'],
      launcherLabel: 'Ask',
    });
  });

  it('reach the launcher and the chat separately', () => {
    const texts = readTexts(options);
    expect(toLauncherData(options, texts)).toEqual({
      launcher: {label: 'Ask', position: 'bottom-start'},
      shortcut: 'mod+i',
      ariaKeyshortcuts: 'Control+I Meta+I',
      selectionButton: true,
    });
    expect(toLauncherData({...options, launcher: false}, {})).toMatchObject({launcher: false});
    expect(toChatData(options, texts, {})).toMatchObject({
      serverUrl: 'https://chat.example.com',
      consent: true,
      fallbackLinkUrl: '/forum',
      texts: {title: 'Help', prompts: ['How?', 'Why?'], consentMessage: 'May we?'},
    });
    expect(toChatData(options, texts, {}).texts).not.toHaveProperty('launcherLabel');
  });
});
