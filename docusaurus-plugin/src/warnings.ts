import type {DocusaurusConfig} from '@docusaurus/types';
import type {PluginOptions} from './options';

/** Settings that are allowed and will still surprise: one sentence each. */
export function findWarnings(options: PluginOptions, siteConfig: DocusaurusConfig): string[] {
  const warnings: string[] = [];
  if (options.ui === 'chatkit' && !options.domainKey) {
    warnings.push(
      'ui is "chatkit" without a domainKey: ChatKit opens on localhost only, and readers of the published site get the built-in panel instead. Add the domainKey of your site, or set ui to "panel".',
    );
  }
  const algolia = siteConfig.themeConfig.algolia as {askAi?: unknown} | undefined;
  if (algolia?.askAi && options.shortcut === 'mod+i') {
    warnings.push(
      'the shortcut "mod+i" is also the one of DocSearch Ask AI: set another shortcut, or null.',
    );
  }
  if (siteConfig.future.experimental_router === 'hash') {
    warnings.push(
      'the site uses the hash router, which writes no HTML page: the index is made from the sources alone, and its anchors are not checked.',
    );
  }
  return warnings;
}
