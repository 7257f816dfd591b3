import type {Config} from '@docusaurus/types';
import type * as Preset from '@docusaurus/preset-classic';
import {dark, light} from './src/prismThemes';

// The browser tests build this site once per face and point the ChatKit face at a local script.
// A normal build sets neither variable: the panel sends nothing to third parties.
const ui = process.env.EXAMPLE_SITE_UI ?? 'panel';
const chatkitScriptUrl = process.env.EXAMPLE_SITE_SCRIPT_URL;

const config: Config = {
  title: 'docs-chat',
  tagline: 'Answers from your Docusaurus site, with citations that open the right section',
  favicon: 'img/favicon.svg',
  url: 'https://docs-chat.example',
  baseUrl: '/',
  future: {v4: true},

  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  onDuplicateRoutes: 'throw',
  markdown: {
    // .md is CommonMark, .mdx is MDX: reference pages may then write `<` and `{` as they are.
    format: 'detect',
    hooks: {onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw'},
  },

  i18n: {
    defaultLocale: 'en',
    locales: ['en', 'fr'],
    localeConfigs: {en: {label: 'English'}, fr: {label: 'Français'}},
  },

  presets: [
    [
      'classic',
      {
        docs: {
          sidebarPath: './sidebars.ts',
          lastVersion: 'current',
          versions: {
            current: {label: '0.1'},
            '0.0': {label: '0.0 (preview)', path: '0.0', banner: 'unmaintained'},
          },
        },
        blog: {
          blogTitle: 'Blog',
          blogDescription: 'News and notes from docs-chat',
          showReadingTime: true,
          onInlineTags: 'throw',
          onInlineAuthors: 'throw',
          onUntruncatedBlogPosts: 'throw',
        },
        theme: {customCss: './src/css/custom.css'},
      } satisfies Preset.Options,
    ],
  ],

  plugins: [
    // `import text from './file?raw'` gives a file's text: the pages show the files of `deploy/` themselves.
    () => ({
      name: 'raw-files',
      configureWebpack: () => ({module: {rules: [{resourceQuery: /raw/, type: 'asset/source'}]}}),
    }),
    [
      'docusaurus-plugin-docs-chat',
      {
        ui,
        ...(chatkitScriptUrl ? {chatkitScriptUrl} : {}),
        prompts: [
          'How do I add docs-chat to my site?',
          'What leaves the reader’s browser?',
          'Where do citations come from?',
        ],
        fallbackLink: {label: 'Read the FAQ', url: '/docs/help/faq'},
      },
    ],
  ],

  themeConfig: {
    colorMode: {respectPrefersColorScheme: true},
    navbar: {
      title: 'docs-chat',
      logo: {alt: '', src: 'img/logo.svg', srcDark: 'img/logo-dark.svg'},
      items: [
        {type: 'docSidebar', sidebarId: 'docs', position: 'left', label: 'Docs'},
        {to: '/blog', label: 'Blog', position: 'left'},
        {to: '/licences', label: 'Licences', position: 'left'},
        {type: 'docsVersionDropdown', position: 'right'},
        {type: 'localeDropdown', position: 'right'},
      ],
    },
    footer: {
      links: [
        {
          title: 'Start',
          items: [
            {label: 'Installation', to: '/docs/getting-started/installation'},
            {label: 'Quick start', to: '/docs/getting-started/quick-start'},
            {label: 'How it works', to: '/docs/getting-started/how-it-works'},
          ],
        },
        {
          title: 'Reference',
          items: [
            {label: 'Plugin options', to: '/docs/plugin/options'},
            {label: 'Command line', to: '/docs/indexing/command-line'},
            {label: 'HTTP API', to: '/docs/server/http-api'},
          ],
        },
        {
          title: 'Trust',
          items: [
            {label: 'Privacy', to: '/docs/trust/privacy'},
            {label: 'Security model', to: '/docs/trust/security'},
            {label: 'Licences', to: '/licences'},
          ],
        },
      ],
      copyright: 'docs-chat is free software under the MIT licence.',
    },
    prism: {
      theme: light,
      darkTheme: dark,
      additionalLanguages: ['bash', 'toml', 'nginx', 'docker', 'json', 'ini', 'http'],
    },
  } satisfies Preset.ThemeConfig,
};

export default config;
