import {describe, expect, it} from 'vitest';
import {readSuggestions} from './readSuggestions.js';

const read = (data: unknown) => readSuggestions({name: 'docs_chat.suggestions', data});
const one = {label: 'The check', prompt: 'What does the check compare?'};

describe('readSuggestions', () => {
  it('takes what the server suggests', () => {
    expect(read({questions: [one, {...one, label: 'Previews'}]})).toEqual([one, {...one, label: 'Previews'}]);
  });

  it('leaves other effects alone', () => {
    expect(readSuggestions({name: 'ping', data: {questions: [one]}})).toBeUndefined();
  });

  it.each([[undefined], [null], ['x'], [{}], [{questions: null}], [{questions: 'Why?'}], [{questions: {0: one}}]])(
    'finds none in %j',
    (data) => {
      expect(read(data)).toEqual([]);
    },
  );

  it.each([
    [null],
    ['Why?'],
    [{label: 'The check'}],
    [{label: 'The check', prompt: 1}],
    [{label: ' ', prompt: 'Why?'}],
    [{label: 'The check', prompt: 'y'.repeat(201)}],
    [{label: 'y'.repeat(201), prompt: 'Why?'}],
  ])('leaves out %j', (bad) => {
    expect(read({questions: [bad, one]})).toEqual([one]);
  });

  it('takes no more than three', () => {
    expect(read({questions: [one, one, one, one]})).toHaveLength(3);
  });
});
