import {describe, expect, it} from 'vitest';
import {collectManifest, type ManifestContext} from './collectManifest';
import type {PluginRouteConfig, RouteConfig} from '@docusaurus/types';

function doc(source: string, permalink: string, more: object = {}) {
  const id = source.replace(/^.*\//, '').replace(/\.mdx?$/, '');
  return {
    id,
    title: `Title of ${id}`,
    description: '',
    source: `@site/${source}`,
    permalink,
    draft: false,
    unlisted: false,
    tags: [],
    frontMatter: {},
    ...more,
  };
}

function version(versionName: string, docs: object[], more: object = {}) {
  return {versionName, label: versionName, isLast: true, noIndex: false, docs, sidebars: {}, ...more};
}

function post(source: string, permalink: string, more: object = {}) {
  const {id, title, ...metadata} = doc(source, permalink, more);
  return {id: `/${id}`, metadata: {title, ...metadata}};
}

function leaf(path: string, source: string, component = '@theme/DocItem'): RouteConfig {
  return {path, component, exact: true, metadata: {sourceFilePath: source}};
}

function tree(name: string, id: string, routes: RouteConfig[]): PluginRouteConfig {
  return {path: '/', component: '@theme/Root', plugin: {name, id}, routes};
}

const DOCS = 'docusaurus-plugin-content-docs';

function context(more: Partial<ManifestContext> = {}): ManifestContext {
  return {
    generator: 'docusaurus-plugin-docs-chat@0.0.0',
    siteConfig: {
      url: 'https://example.com',
      trailingSlash: undefined,
      future: {experimental_router: 'browser'},
    },
    siteDir: '/site',
    outDir: '/site/build',
    baseUrl: '/',
    i18n: {currentLocale: 'en', defaultLocale: 'en', locales: ['en', 'fr']},
    allContent: {},
    built: {routes: [], routesPaths: [], routesBuildMetadata: {}},
    ...more,
  };
}

describe('collectManifest', () => {
  it('describes the site', () => {
    expect(collectManifest(context())).toEqual({
      schema: 1,
      mode: 'production',
      generator: 'docusaurus-plugin-docs-chat@0.0.0',
      siteUrl: 'https://example.com',
      baseUrl: '/',
      trailingSlash: null,
      router: 'browser',
      locale: 'en',
      defaultLocale: 'en',
      locales: ['en', 'fr'],
      outDir: 'build',
      pages: [],
      generated: [],
    });
  });

  it('describes a locale: its own base URL, folder, site URL and sources', () => {
    const manifest = collectManifest(
      context({
        baseUrl: '/docs-site/fr/',
        outDir: '/site/build/fr',
        i18n: {
          currentLocale: 'fr',
          defaultLocale: 'en',
          locales: ['en', 'fr'],
          localeConfigs: {fr: {url: 'https://fr.example.com'}},
        },
        allContent: {
          [DOCS]: {
            default: {
              loadedVersions: [
                version('current', [
                  doc(`i18n/fr/${DOCS}/current/intro.md`, '/docs-site/fr/docs/intro'),
                ]),
              ],
            },
          },
        },
      }),
    );
    expect(manifest).toMatchObject({
      siteUrl: 'https://fr.example.com',
      baseUrl: '/docs-site/fr/',
      locale: 'fr',
      outDir: 'build/fr',
      pages: [
        {
          source: `i18n/fr/${DOCS}/current/intro.md`,
          permalink: '/docs-site/fr/docs/intro',
          html: 'docs/intro/index.html',
        },
      ],
    });
  });

  it('describes a doc with its version, its place in the sidebar and its tags', () => {
    const sidebars = {
      main: [
        {type: 'html', value: '<hr>'},
        {
          type: 'category',
          label: 'Guides',
          items: [
            {
              type: 'category',
              label: 'Deep',
              link: {type: 'doc', id: 'deep'},
              items: [{type: 'doc', id: 'deeper'}],
            },
          ],
        },
      ],
    };
    const docs = [
      doc('docs/deeper.md', '/deeper', {
        sidebar: 'main',
        description: 'How deep',
        tags: [{label: 'install', permalink: '/tags/install'}],
        editUrl: 'https://example.com/edit',
      }),
      doc('docs/deep.md', '/deep', {sidebar: 'main', editUrl: null}),
      doc('docs/alone.md', '/alone'),
    ];
    const content = {
      loadedVersions: [version('1.0', docs, {label: 'One', isLast: false, sidebars})],
    };
    const {pages} = collectManifest(context({allContent: {[DOCS]: {default: content}}}));
    expect(pages.map(({permalink, breadcrumbs}) => [permalink, breadcrumbs])).toEqual([
      ['/alone', []],
      ['/deep', ['Guides']],
      ['/deeper', ['Guides', 'Deep']],
    ]);
    expect(pages[2]).toEqual({
      source: 'docs/deeper.md',
      permalink: '/deeper',
      html: 'deeper/index.html',
      kind: 'doc',
      plugin: 'docs:default',
      id: 'deeper',
      title: 'Title of deeper',
      description: 'How deep',
      version: '1.0',
      versionLabel: 'One',
      isLatest: false,
      breadcrumbs: ['Guides', 'Deep'],
      unlisted: false,
      noIndex: false,
      tags: ['install'],
      editUrl: 'https://example.com/edit',
    });
    expect(pages[1]).not.toHaveProperty('editUrl');
    expect(pages[1]).not.toHaveProperty('description');
  });

  it('knows docs, blog and pages under any plugin name, and each instance', () => {
    const {pages} = collectManifest(
      context({
        allContent: {
          [DOCS]: {
            default: {loadedVersions: [version('current', [doc('docs/a.md', '/docs/a')])]},
            api: {loadedVersions: [version('v1', [doc('../api/a.md', '/api/a')])]},
          },
          'docusaurus-plugin-content-blog': {default: {blogPosts: [post('blog/b.md', '/blog/b')]}},
          'changelog-plugin': {default: {blogPosts: [post('changelog/c.md', '/changelog/c')]}},
          'docusaurus-plugin-content-pages': {
            default: [
              {type: 'jsx', source: '@site/src/pages/index.tsx', permalink: '/'},
              {
                type: 'mdx',
                source: '@site/src/pages/about.md',
                permalink: '/about',
                title: 'About',
                unlisted: false,
                frontMatter: {},
              },
            ],
          },
          'docusaurus-plugin-sitemap': {default: undefined},
          'some-plugin': {default: {posts: []}, other: [{type: 'other'}], third: null},
        },
      }),
    );
    expect(pages.map(({kind, plugin, source, title}) => [kind, plugin, source, title])).toEqual([
      ['page', 'pages:default', 'src/pages/index.tsx', ''],
      ['page', 'pages:default', 'src/pages/about.md', 'About'],
      ['doc', 'docs:api', '../api/a.md', 'Title of a'],
      ['blog', 'blog:default', 'blog/b.md', 'Title of b'],
      ['blog', 'changelog-plugin:default', 'changelog/c.md', 'Title of c'],
      ['doc', 'docs:default', 'docs/a.md', 'Title of a'],
    ]);
    for (const page of pages.filter(({kind}) => kind !== 'doc')) {
      expect(page).not.toHaveProperty('version');
    }
  });

  it('leaves drafts out, and flags what is unlisted, in production and in development', () => {
    const docs = [
      doc('docs/draft.md', '/draft', {draft: true}),
      doc('docs/draft-in-dev.md', '/draft-in-dev', {frontMatter: {draft: true}}),
      doc('docs/unlisted.md', '/unlisted', {unlisted: true}),
      doc('docs/unlisted-in-dev.md', '/unlisted-in-dev', {frontMatter: {unlisted: true}}),
    ];
    const draft = {frontMatter: {draft: true}};
    const page = {type: 'mdx', source: '@site/src/pages/d.md', permalink: '/d', ...draft};
    const {pages} = collectManifest(
      context({
        allContent: {
          [DOCS]: {default: {loadedVersions: [version('current', docs)]}},
          blog: {default: {blogPosts: [post('blog/d.md', '/blog/d', draft)]}},
          pages: {default: [page]},
        },
      }),
    );
    expect(pages.map(({permalink, unlisted}) => [permalink, unlisted])).toEqual([
      ['/unlisted', true],
      ['/unlisted-in-dev', true],
    ]);
  });

  it('takes the final path of the route of the same plugin and source', () => {
    const content = {loadedVersions: [version('current', [doc('docs/a.md', '/a')])]};
    const {pages} = collectManifest(
      context({
        siteConfig: {...context().siteConfig, trailingSlash: true},
        allContent: {[DOCS]: {default: content, other: content}},
        built: {
          routes: [
            tree(DOCS, 'default', [
              {path: '/', component: '@theme/DocRoot', routes: [leaf('/a/', 'docs/a.md')]},
            ]),
            tree(DOCS, 'other', [leaf('/other/a/', 'docs/a.md')]),
          ],
          routesPaths: ['/a/', '/other/a/'],
          routesBuildMetadata: {'/other/a/': {noIndex: true}},
        },
      }),
    );
    expect(pages.map(({permalink, html, noIndex}) => [permalink, html, noIndex])).toEqual([
      ['/a/', 'a/index.html', false],
      ['/other/a/', 'other/a/index.html', true],
    ]);
  });

  it.each([
    [true, '/base/a/', 'a/index.html'],
    [false, '/base/a', 'a.html'],
    [undefined, '/base/a', 'a/index.html'],
  ])('applies trailingSlash %s where no route tells', (trailingSlash, permalink, html) => {
    const {pages} = collectManifest(
      context({
        baseUrl: '/base/',
        siteConfig: {...context().siteConfig, trailingSlash},
        allContent: {
          [DOCS]: {
            default: {loadedVersions: [version('current', [doc('docs/a.md', '/base/a')])]},
          },
        },
      }),
    );
    expect(pages).toMatchObject([{permalink, html}]);
  });

  it('lists the pages that Docusaurus made, with their kinds', () => {
    const made = (path: string, component: string): RouteConfig => ({path, component});
    const {generated} = collectManifest(
      context({
        allContent: {blog: {default: {blogPosts: [post('blog/b.md', '/blog/b')]}}},
        built: {
          routes: [
            tree('blog', 'default', [
              leaf('/blog/b', 'blog/b.md'),
              made('/blog', '@theme/BlogListPage'),
              made('/blog/tags/x', '@theme/BlogTagsPostsPage'),
              made('/docs/category/guides', '@theme/DocCategoryGeneratedIndexPage'),
              made('/custom', '@site/src/Custom'),
            ]),
          ],
          routesPaths: [
            '/blog/b',
            '/docs/category/guides',
            '/custom',
            '/blog/tags/x',
            '/blog',
            '/404.html',
          ],
          routesBuildMetadata: {},
        },
      }),
    );
    expect(generated).toEqual([
      {permalink: '/404.html', html: '404.html', kind: 'not-found'},
      {permalink: '/blog', html: 'blog/index.html', kind: 'blog-list'},
      {permalink: '/blog/tags/x', html: 'blog/tags/x/index.html', kind: 'tag'},
      {permalink: '/custom', html: 'custom/index.html', kind: 'generated'},
      {
        permalink: '/docs/category/guides',
        html: 'docs/category/guides/index.html',
        kind: 'generated-index',
      },
    ]);
  });

  it('promises no HTML in development, nor with the hash router', () => {
    const allContent = {blog: {default: {blogPosts: [post('blog/b.md', '/blog/b')]}}};
    const development = collectManifest(context({allContent, built: undefined}));
    expect(development).toMatchObject({mode: 'development', pages: [{html: null}], generated: []});
    const hash = collectManifest(
      context({
        allContent,
        siteConfig: {...context().siteConfig, future: {experimental_router: 'hash'}},
      }),
    );
    expect(hash).toMatchObject({mode: 'production', router: 'hash', pages: [{html: null}]});
  });

  it('gives the same bytes whatever order the plugins come in', () => {
    const docs = {default: {loadedVersions: [version('current', [doc('docs/z.md', '/z')])]}};
    const blog = {default: {blogPosts: [post('blog/b.md', '/b'), post('blog/a.md', '/a')]}};
    const one = collectManifest(context({allContent: {docs, blog}}));
    const two = collectManifest(context({allContent: {blog, docs}}));
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    expect(one.pages.map(({permalink}) => permalink)).toEqual(['/a', '/b', '/z']);
  });
});
