import type {PluginIdentifier, PluginRouteConfig, RouteConfig} from '@docusaurus/types';

/** A route that a page is written for. */
export type Leaf = {path: string; component: string; plugin: PluginIdentifier; source?: string};

export function collectLeaves(routes: PluginRouteConfig[]): Leaf[] {
  return routes.flatMap(({plugin, ...route}) => walk(route, plugin));
}

function walk(route: RouteConfig, plugin: PluginIdentifier): Leaf[] {
  if (route.routes) {
    return route.routes.flatMap((child) => walk(child, plugin));
  }
  const source = route.metadata?.sourceFilePath?.replaceAll('\\', '/');
  return [{path: route.path, component: route.component, plugin, ...(source && {source})}];
}

/** The file that Docusaurus writes for a public path, relative to the output folder. */
export function toHtmlFile(
  permalink: string,
  {baseUrl, trailingSlash}: {baseUrl: string; trailingSlash: boolean | undefined},
): string {
  const path = permalink.startsWith(baseUrl)
    ? permalink.slice(baseUrl.length)
    : permalink.replace(/^\//, '');
  if (/\.html?$/i.test(path)) {
    return path;
  }
  if (path === '' || path.endsWith('/')) {
    return `${path}index.html`;
  }
  return trailingSlash === false ? `${path}.html` : `${path}/index.html`;
}

const KINDS: Record<string, string> = {
  '@theme/DocCategoryGeneratedIndexPage': 'generated-index',
  '@theme/DocTagsListPage': 'tag-list',
  '@theme/DocTagDocListPage': 'tag',
  '@theme/BlogListPage': 'blog-list',
  '@theme/BlogArchivePage': 'blog-archive',
  '@theme/BlogTagsListPage': 'tag-list',
  '@theme/BlogTagsPostsPage': 'tag',
  '@theme/Blog/Pages/BlogAuthorsListPage': 'author-list',
  '@theme/Blog/Pages/BlogAuthorsPostsPage': 'author',
  '@theme/SearchPage': 'search',
};

export function toGeneratedKind(component: string): string {
  return KINDS[component] ?? 'generated';
}
