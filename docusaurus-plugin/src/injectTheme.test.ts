import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {injectTheme} from './injectTheme';

describe('injectTheme', () => {
  it('wraps the Root that won, whoever it belongs to', () => {
    const config = {resolve: {alias: {'@theme/Root': '/site/src/theme/Root.js'}}};
    expect(injectTheme(config)).toEqual({
      resolve: {
        alias: {
          '@docs-chat/inner-root': '/site/src/theme/Root.js',
          '@theme/Root': path.resolve(__dirname, 'client/Root.js'),
        },
      },
    });
  });

  it("adds to the classic theme's navbar items and copy button, where there are such", () => {
    const config = {
      resolve: {
        alias: {
          '@theme/Root': '/core/Root.js',
          '@theme/NavbarItem/ComponentTypes': '/site/src/theme/NavbarItem/ComponentTypes.js',
          '@theme/CodeBlock/Buttons/CopyButton': '/classic/CopyButton.js',
        },
      },
    };
    expect(injectTheme(config).resolve?.alias).toMatchObject({
      '@docs-chat/inner-navbar-item-types': '/site/src/theme/NavbarItem/ComponentTypes.js',
      '@theme/NavbarItem/ComponentTypes': path.resolve(__dirname, 'client/navbarItemTypes.js'),
      '@docs-chat/inner-copy-button': '/classic/CopyButton.js',
      '@theme/CodeBlock/Buttons/CopyButton': path.resolve(__dirname, 'client/CopyButton.js'),
    });
  });

  it('reads the aliases in their list form', () => {
    const config = {resolve: {alias: [{name: '@theme/Root', alias: '/core/Root.js'}]}};
    expect(injectTheme(config).resolve?.alias).toMatchObject({
      '@docs-chat/inner-root': '/core/Root.js',
    });
  });

  it.each([{}, {resolve: {}}, {resolve: {alias: {}}}, {resolve: {alias: []}}])(
    'says what to do when there is no alias: %j',
    (config) => {
      expect(() => injectTheme(config)).toThrow(/gives no "@theme\/Root" alias.*Docusaurus 3\.10/);
    },
  );
});
