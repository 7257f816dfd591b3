import {describe, expect, it} from 'vitest';
import {pickInitialMessages, readMessages} from './messages';

describe('the shipped translations', () => {
  it('are those of the language when the locale is regional', async () => {
    expect(await readMessages('fr-CA')).toEqual(await readMessages('fr'));
  });

  it('are none for a language that is not shipped', async () => {
    expect(await readMessages('tlh')).toEqual({});
  });

  it('leave only the words of the buttons in the first download', async () => {
    const messages = await readMessages('fr');
    expect(Object.keys(pickInitialMessages(messages, 'build'))).toEqual([
      'docsChat.launcher',
      'docsChat.fault',
      'docsChat.reload',
      'docsChat.askSelection',
      'docsChat.askCode',
    ]);
    expect(pickInitialMessages({}, 'build')).toEqual({});
  });

  it('all go into the files that write-translations makes', async () => {
    const messages = await readMessages('fr');
    expect(pickInitialMessages(messages, 'write-translations')).toEqual(messages);
  });
});
