import {describe, expect, it} from 'vitest';
import {quoteCode, quoteText} from './quote.js';

const page = {title: 'Deployment', path: '/docs/deployment'};

describe('quoteText', () => {
  it('quotes each line, names the page, and leaves room for the question', () => {
    expect(quoteText(' One line.\n\nAnother. ', page)).toBe(
      '> One line.\n> Another.\n> (Deployment, /docs/deployment)\n\n',
    );
  });

  it('cuts what is long', () => {
    const quoted = quoteText('word '.repeat(1_000), page);
    expect(quoted.length).toBeLessThan(1_600);
    expect(quoted).toContain('…\n> (Deployment');
  });
});

describe('quoteCode', () => {
  it('keeps language and title', () => {
    expect(quoteCode('a: 1\n', 'yaml', 'config.yaml')).toBe('```yaml title="config.yaml"\na: 1\n```\n\n');
    expect(quoteCode('plain', 'text', '')).toBe('```text\nplain\n```\n\n');
  });

  it('fences code that has fences in it', () => {
    expect(quoteCode('```js\n1\n```', 'md', '')).toMatch(/^````md\n[^]*\n````\n\n$/);
  });
});
