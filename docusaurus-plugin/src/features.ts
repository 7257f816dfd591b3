import type {DocusaurusConfig} from '@docusaurus/types';
import type {PluginOptions} from './options';

type NavbarItem = {type?: unknown; items?: NavbarItem[]};

/**
 * The module through which pages get what not every site uses: what is off weighs nothing there. A generated module,
 * for a change of it is noticed by the bundler's cache.
 */
export function writeFeatures(options: PluginOptions, {themeConfig}: Pick<DocusaurusConfig, 'themeConfig'>): string {
  const {items} = (themeConfig.navbar ?? {}) as {items?: NavbarItem[]};
  return [
    offer('NavbarItem', hasItem(items)),
    offer('CodeButton', options.codeButton),
  ].join('');
}

function offer(name: string, wanted: boolean): string {
  return wanted
    ? `export {default as ${name}} from '@theme/DocsChat/${name}';\n`
    : `export const ${name} = undefined;\n`;
}

function hasItem(items: NavbarItem[] = []): boolean {
  return items.some((item) => item.type === 'custom-docsChat' || hasItem(item.items));
}
