import {describe, expect, it} from 'vitest';
import {checkPrompts} from './checkPrompts';

const doc = (docs_chat_prompts: unknown) => ({
  'docusaurus-plugin-content-docs': {
    default: {loadedVersions: [{docs: [{source: '@site/docs/a.md', frontMatter: {docs_chat_prompts}}]}]},
  },
});
const post = (docs_chat_prompts: unknown) => ({
  blog: {default: {blogPosts: [{metadata: {source: '@site/blog/b.md', frontMatter: {docs_chat_prompts}}}]}},
});
const page = (docs_chat_prompts: unknown) => ({
  pages: {default: [{source: '@site/src/pages/c.md', frontMatter: {docs_chat_prompts}}, {source: 'd.tsx'}]},
});

describe('checkPrompts', () => {
  it.each([doc(['One?']), post([]), page(undefined), {other: {default: null, second: [null, 1]}}])(
    'is silent when all is well: %j',
    (content) => {
      expect(() => checkPrompts(content)).not.toThrow();
    },
  );

  it.each([
    [doc('One?'), /docs\/a\.md must be a list of non-empty texts; received "One\?"\./],
    [post(['One?', '']), /blog\/b\.md must be/],
    [page([1]), /src\/pages\/c\.md must be/],
  ])('names the page and what it got: %j', (content, message) => {
    expect(() => checkPrompts(content)).toThrow(message);
  });
});
