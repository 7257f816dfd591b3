import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {injectRoot} from './injectRoot';

describe('injectRoot', () => {
  it('wraps the Root that won, whoever it belongs to', () => {
    const config = {resolve: {alias: {'@theme/Root': '/site/src/theme/Root.js'}}};
    expect(injectRoot(config)).toEqual({
      resolve: {
        alias: {
          '@docs-chat/inner-root': '/site/src/theme/Root.js',
          '@theme/Root': path.resolve(__dirname, 'client/Root.js'),
        },
      },
    });
  });

  it('reads the aliases in their list form', () => {
    const config = {resolve: {alias: [{name: '@theme/Root', alias: '/core/Root.js'}]}};
    expect(injectRoot(config).resolve?.alias).toMatchObject({
      '@docs-chat/inner-root': '/core/Root.js',
    });
  });

  it.each([{}, {resolve: {}}, {resolve: {alias: {}}}, {resolve: {alias: []}}])(
    'says what to do when there is no alias: %j',
    (config) => {
      expect(() => injectRoot(config)).toThrow(/gives no "@theme\/Root" alias.*Docusaurus 3\.10/);
    },
  );
});
