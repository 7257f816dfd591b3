import {describe, expect, it} from 'vitest';
import {writeFeatures} from './features';
import {DEFAULT_OPTIONS, type PluginOptions} from './options';

const options: PluginOptions = DEFAULT_OPTIONS;
const write = (items: unknown[], own: Partial<PluginOptions> = {}) =>
  writeFeatures({...options, ...own}, {themeConfig: {navbar: {items}}});

describe('writeFeatures', () => {
  it('imports nothing that the site does not use', () => {
    expect(write([{type: 'search'}])).not.toContain('@theme');
    expect(writeFeatures(options, {themeConfig: {}})).not.toContain('@theme');
  });

  it('imports the navbar item where there is one, also inside a dropdown', () => {
    const line = "export {default as NavbarItem} from '@theme/DocsChat/NavbarItem';";
    expect(write([{type: 'custom-docsChat'}])).toContain(line);
    expect(write([{type: 'dropdown', items: [{type: 'custom-docsChat'}]}])).toContain(line);
  });

  it('imports the button of code blocks when it is on', () => {
    const line = "export {default as CodeButton} from '@theme/DocsChat/CodeButton';";
    expect(write([], {codeButton: true})).toContain(line);
  });
});
