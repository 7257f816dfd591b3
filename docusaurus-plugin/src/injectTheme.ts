import path from 'node:path';
import type {Plugin} from '@docusaurus/types';

type Injected = Exclude<ReturnType<NonNullable<Plugin['configureWebpack']>>, void>;

type BundlerConfig = {resolve?: {alias?: unknown}};

/** What the chat is put into: theme component, our wrapper, and the name under which it finds the wrapped one. */
const WRAPPED = [
  ['@theme/Root', 'client/Root.js', '@docs-chat/inner-root'],
  ['@theme/NavbarItem/ComponentTypes', 'client/navbarItemTypes.js', '@docs-chat/inner-navbar-item-types'],
  ['@theme/CodeBlock/Buttons/CopyButton', 'client/CopyButton.js', '@docs-chat/inner-copy-button'],
] as const;

/**
 * Puts the chat around the site's `@theme/Root`, its navbar item into the site's own types, and its button beside the
 * copy button of code blocks.
 *
 * A theme component of our own would lose against the one in the site's `src/theme`, and against any later plugin with
 * one. The aliases that the bundler gets are the final ones, so the winner is wrapped here, whoever it is. The aliases
 * are the same for all options: the bundler's cache does not notice other ones.
 *
 * @throws Error when Docusaurus no longer gives a `@theme/Root` alias.
 */
export function injectTheme(config: BundlerConfig): Injected {
  const alias: Record<string, string> = {};
  for (const [component, wrapper, inner] of WRAPPED) {
    const winner = readAlias(config.resolve?.alias, component);
    if (winner) {
      alias[inner] = winner;
      alias[component] = path.resolve(__dirname, wrapper);
    }
  }
  // The other two are the classic theme's: a site may have another one.
  if (!alias['@theme/Root']) {
    throw new Error(
      'docusaurus-plugin-docs-chat: this version of Docusaurus gives no "@theme/Root" alias, so the chat cannot be put on the pages. Use Docusaurus 3.10 or later 3.x, or look for a newer version of the plugin.',
    );
  }
  return {resolve: {alias}};
}

function readAlias(alias: unknown, name: string): string | undefined {
  if (Array.isArray(alias)) {
    const entry = (alias as {name: string; alias: unknown}[]).find((item) => item.name === name);
    return typeof entry?.alias === 'string' ? entry.alias : undefined;
  }
  const target = (alias as Record<string, unknown> | undefined)?.[name];
  return typeof target === 'string' ? target : undefined;
}
