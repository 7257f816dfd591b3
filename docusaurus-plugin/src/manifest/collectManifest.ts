import path from 'node:path';
import {applyTrailingSlash} from '@docusaurus/utils-common';
import {collectPages, type AllContent, type SourcePage} from './collectPages';
import {collectLeaves, toGeneratedKind, toHtmlFile, type Leaf} from './routes';
import type {
  DocusaurusConfig,
  I18n,
  PluginIdentifier,
  PluginRouteConfig,
  RouteBuildMetadata,
} from '@docusaurus/types';
import type {GeneratedPage, Manifest, ManifestPage} from './types';

export type ManifestContext = {
  /** `name@version` of what writes the manifest. */
  generator: string;
  siteConfig: Pick<DocusaurusConfig, 'url' | 'trailingSlash'> & {
    future: Pick<DocusaurusConfig['future'], 'experimental_router'>;
  };
  siteDir: string;
  outDir: string;
  /** Of this locale, with its leading and trailing slash. */
  baseUrl: string;
  i18n: Pick<I18n, 'currentLocale' | 'defaultLocale' | 'locales'> & {
    localeConfigs?: {[locale: string]: {url?: string}};
  };
  allContent: AllContent;
  /** What the build wrote; absent in development, where no route is final and no HTML exists. */
  built?: {
    routes: PluginRouteConfig[];
    routesPaths: string[];
    routesBuildMetadata: {[permalink: string]: RouteBuildMetadata};
  };
  /** The build's id, once there is one. */
  build?: string;
};

/** Which pages one locale of the site has, and where: pure, the same input gives the same output. */
export function collectManifest(context: ManifestContext): Manifest {
  const {siteConfig, siteDir, outDir, baseUrl, i18n, built, build} = context;
  const {currentLocale, defaultLocale, locales} = i18n;
  const leaves = built ? collectLeaves(built.routes) : [];
  const finalPaths = new Map(leaves.map((leaf) => [toKey(leaf.plugin, leaf.source), leaf.path]));
  const pages = collectPages(context.allContent)
    .map((page) => finishPage(page, context, finalPaths))
    .sort((a, b) => compare(a.permalink, b.permalink) || compare(a.source, b.source));
  return {
    schema: 1,
    mode: built ? 'production' : 'development',
    generator: context.generator,
    ...(build !== undefined && {build}),
    siteUrl: i18n.localeConfigs?.[currentLocale]?.url ?? siteConfig.url,
    baseUrl,
    trailingSlash: siteConfig.trailingSlash ?? null,
    router: siteConfig.future.experimental_router,
    locale: currentLocale,
    defaultLocale,
    locales: [...locales],
    outDir: path.relative(siteDir, outDir).replaceAll('\\', '/'),
    pages,
    generated: collectGenerated(context, leaves, pages),
  };
}

function finishPage(
  {pluginName, pluginId, ...page}: SourcePage,
  context: ManifestContext,
  finalPaths: Map<string, string>,
): ManifestPage {
  const {baseUrl, siteConfig, built} = context;
  const permalink =
    finalPaths.get(toKey({name: pluginName, id: pluginId}, page.source)) ??
    applyTrailingSlash(page.permalink, {baseUrl, trailingSlash: siteConfig.trailingSlash});
  return {
    source: page.source,
    permalink,
    html: toHtml(permalink, context),
    kind: page.kind,
    plugin: page.plugin,
    ...(page.id !== undefined && {id: page.id}),
    title: page.title,
    ...(page.description !== undefined && {description: page.description}),
    ...(page.kind === 'doc' && {
      version: page.version,
      versionLabel: page.versionLabel,
      isLatest: page.isLatest,
    }),
    breadcrumbs: page.breadcrumbs,
    unlisted: page.unlisted,
    noIndex: built?.routesBuildMetadata[permalink]?.noIndex ?? page.noIndex,
    tags: page.tags,
    ...(page.editUrl !== undefined && {editUrl: page.editUrl}),
  };
}

function collectGenerated(
  context: ManifestContext,
  leaves: Leaf[],
  pages: ManifestPage[],
): GeneratedPage[] {
  const sourced = new Set(pages.map((page) => page.permalink));
  const components = new Map(leaves.map((leaf) => [leaf.path, leaf.component]));
  return [...new Set(context.built?.routesPaths)]
    .filter((permalink) => !sourced.has(permalink))
    .sort(compare)
    .map((permalink) => ({
      permalink,
      html: toHtml(permalink, context),
      kind: permalink.endsWith('/404.html')
        ? 'not-found'
        : toGeneratedKind(components.get(permalink) ?? ''),
    }));
}

function toHtml(permalink: string, {built, baseUrl, siteConfig}: ManifestContext): string | null {
  const {trailingSlash, future} = siteConfig;
  return built && future.experimental_router === 'browser'
    ? toHtmlFile(permalink, {baseUrl, trailingSlash})
    : null;
}

function toKey({name, id}: PluginIdentifier, source: string | undefined): string {
  return [name, id, source].join('\0');
}

// By code unit: a locale's collation is not the same on every machine.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
