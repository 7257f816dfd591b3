/** One page with a source file. Absent values are left out, so equal trees give equal bytes. */
export type ManifestPage = {
  /** Relative to the site folder: the localized file when there is one, `../` when outside. */
  source: string;
  /** Public path: base URL, locale and trailing slash included. */
  permalink: string;
  /** Relative to `outDir`; `null` when no HTML file is written for the page. */
  html: string | null;
  kind: 'doc' | 'blog' | 'page';
  /** `docs:default`, or `<plugin name>:<id>` for a plugin that wraps docs, blog or pages. */
  plugin: string;
  id?: string;
  /** Empty when only the page's HTML could tell: a page written in React. */
  title: string;
  description?: string;
  version?: string;
  versionLabel?: string;
  isLatest?: boolean;
  /** Labels of the sidebar categories above the page. */
  breadcrumbs: string[];
  unlisted: boolean;
  noIndex: boolean;
  tags: string[];
  editUrl?: string;
};

/** A page that Docusaurus made: it repeats others, and has no source. */
export type GeneratedPage = {permalink: string; html: string | null; kind: string};

export type Manifest = {
  schema: 1;
  mode: 'production' | 'development';
  generator: string;
  /** The id of what this build shows; the pages of the site have the same. Absent in development. */
  build?: string;
  siteUrl: string;
  baseUrl: string;
  trailingSlash: boolean | null;
  router: 'browser' | 'hash';
  locale: string;
  defaultLocale: string;
  locales: string[];
  /** Relative to the site folder. */
  outDir: string;
  pages: ManifestPage[];
  generated: GeneratedPage[];
};
