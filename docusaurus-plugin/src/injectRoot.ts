import path from 'node:path';
import type {Plugin} from '@docusaurus/types';

type Injected = Exclude<ReturnType<NonNullable<Plugin['configureWebpack']>>, void>;

type BundlerConfig = {resolve?: {alias?: unknown}};

/**
 * Puts the chat around the site's `@theme/Root`.
 *
 * A `theme/Root` of our own would lose against the site's `src/theme/Root`, and against any later
 * plugin with one. The aliases that the bundler gets are the final ones, so the winner is wrapped
 * here, whoever it is.
 *
 * @throws Error when Docusaurus no longer gives a `@theme/Root` alias.
 */
export function injectRoot(config: BundlerConfig): Injected {
  const innerRoot = readAlias(config.resolve?.alias, '@theme/Root');
  if (!innerRoot) {
    throw new Error(
      'docusaurus-plugin-docs-chat: this version of Docusaurus gives no "@theme/Root" alias, so the chat cannot be put on the pages. Use Docusaurus 3.10 or later 3.x, or look for a newer version of the plugin.',
    );
  }
  return {
    resolve: {
      alias: {
        '@docs-chat/inner-root': innerRoot,
        '@theme/Root': path.resolve(__dirname, 'client/Root.js'),
      },
    },
  };
}

function readAlias(alias: unknown, name: string): string | undefined {
  if (Array.isArray(alias)) {
    const entry = (alias as {name: string; alias: unknown}[]).find((item) => item.name === name);
    return typeof entry?.alias === 'string' ? entry.alias : undefined;
  }
  const target = (alias as Record<string, unknown> | undefined)?.[name];
  return typeof target === 'string' ? target : undefined;
}
