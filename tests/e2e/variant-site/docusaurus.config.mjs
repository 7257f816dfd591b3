/**
 * A small site with what our own has not: a base URL, trailing slashes, a right-to-left language, a Root of its own and
 * one of another plugin, swizzled components, consent, and every button that the chat can put into a page. With
 * VARIANT_ROUTER=hash, one HTML file that shows all pages, and readers may add files.
 */
const chatkitScriptUrl = process.env.EXAMPLE_SITE_SCRIPT_URL;
const hash = process.env.VARIANT_ROUTER === 'hash';

export default {
  title: 'Kettle',
  url: 'https://kettle.example',
  ...(hash ? {baseUrl: '/'} : {baseUrl: '/manual/', trailingSlash: true}),
  future: {v4: true, ...(hash && {experimental_router: 'hash'})},
  onBrokenLinks: 'throw',
  markdown: {format: 'detect'},
  i18n: {
    defaultLocale: 'en',
    locales: ['en', 'ar'],
    localeConfigs: {en: {label: 'English'}, ar: {label: 'العربية', direction: 'rtl'}},
  },
  presets: [
    ['classic', {docs: {routeBasePath: '/'}, blog: {}, theme: {customCss: './src/css/custom.css'}}],
  ],
  plugins: [
    [
      'docusaurus-plugin-docs-chat',
      {
        ...(hash ? {ui: 'panel', attachments: true} : {ui: 'chatkit', consent: true}),
        ...(chatkitScriptUrl && !hash ? {chatkitScriptUrl, domainKey: 'domain_pk_test'} : {}),
        codeButton: true,
        prompts: ['What is a kettle?'],
        theme: {radius: 'pill'},
        fallbackLink: {label: 'Cleaning', url: '/cleaning/'},
      },
    ],
    () => ({name: 'banner', getThemePath: () => './plugin-theme'}),
  ],
  themeConfig: {
    colorMode: {respectPrefersColorScheme: true},
    navbar: {
      title: 'Kettle',
      items: [
        {type: 'custom-docsChat', position: 'left'},
        {
          type: 'dropdown',
          label: 'Help',
          position: 'left',
          items: [{type: 'custom-docsChat', label: 'Ask from the menu'}, {to: '/cleaning', label: 'Cleaning'}],
        },
        {type: 'custom-mark', position: 'right'},
        {type: 'localeDropdown', position: 'right'},
      ],
    },
  },
};
