import {readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {DEFAULT_STRINGS} from './panel/strings';

const root = path.resolve(__dirname, '..');
const theme = path.join(root, 'src/theme/DocsChat');

/** `{id: message}` of every `translate()` call of the theme. */
function readMessages(): Map<string, string> {
  const messages = new Map<string, string>();
  for (const file of readdirSync(theme)) {
    const source = readFileSync(path.join(theme, file), 'utf8');
    for (const [, id, message] of source.matchAll(
      /\{\s*id: '([^']+)',\s*message:\s*'((?:[^'\\]|\\.)*)'/g,
    )) {
      messages.set(id as string, message as string);
    }
  }
  return messages;
}

function placeholders(message: string): string[] {
  return [...new Set([...message.matchAll(/\{\w+\}/g)].map(String))].sort();
}

const messages = readMessages();

describe('panelStrings', () => {
  it("says what the panel's own default strings say", () => {
    const own = new Map(
      [...messages].filter(([id]) => id.startsWith('docsChat.panel.')).map(([id, message]) => [
        id.slice('docsChat.panel.'.length),
        message,
      ]),
    );
    for (const [key, text] of flatten(DEFAULT_STRINGS)) {
      expect([key, own.get(key)]).toEqual([key, text]);
    }
  });
});

function flatten(value: object, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    if (typeof child === 'string') {
      return [[prefix + key, child] as [string, string]];
    }
    return typeof child === 'object' && child !== null ? flatten(child, `${prefix}${key}.`) : [];
  });
}

describe.each(readdirSync(path.join(root, 'locales')))('locale %s', (locale) => {
  const file = path.join(root, 'locales', locale, 'docs-chat.json');
  const translated = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;

  it('has every message of the theme, and no other', () => {
    expect(Object.keys(translated).sort()).toEqual([...messages.keys()].sort());
  });

  it('keeps the placeholders of each message', () => {
    for (const [id, message] of messages) {
      const forms = (translated[id] ?? '').split('|');
      const allowed = placeholders(message);
      // A form for one number only may say the number in words.
      expect([id, placeholders(forms.at(-1) ?? '')]).toEqual([id, allowed]);
      expect(forms.flatMap(placeholders).filter((name) => !allowed.includes(name))).toEqual([]);
    }
  });

  it('has a form for each kind of number in the language, or one for all', () => {
    const {pluralCategories} = new Intl.PluralRules(locale).resolvedOptions();
    // Millions have a form of their own in some languages; nothing here is counted in millions.
    const kinds = ['ar', 'pl', 'ru'].includes(locale) ? pluralCategories : pluralCategories.filter((kind) => kind !== 'many');
    for (const [id, message] of messages) {
      const count = (translated[id] ?? '').split('|').length;
      expect([id, count]).toEqual([id, message.includes('|') && count > 1 ? kinds.length : 1]);
    }
  });

  it('says each thing in its own words', () => {
    const same = [...messages].filter(([id, message]) => translated[id] === message);
    // Some words are the same everywhere.
    expect(same.filter(([, message]) => message.length > 16 && !message.includes('{'))).toEqual([]);
  });
});
