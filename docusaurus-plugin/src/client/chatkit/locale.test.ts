import {expect, it} from 'vitest';
import {toChatKitLocale} from './locale.js';

it.each([
  ['en', 'en'],
  ['fr', 'fr'],
  ['fr-FR', 'fr-FR'],
  ['fr-BE', 'fr'],
  ['pt', 'pt-BR'],
  ['pt-br', 'pt-BR'],
  ['zh-Hans', 'zh-CN'],
  ['zh-Hant', 'zh-Hant'],
  ['tlh', undefined],
  ['not a locale', undefined],
])('%s is %s', (locale, expected) => {
  expect(toChatKitLocale(locale)).toBe(expected);
});
