/**
 * A small site with what our own has not: a base URL, trailing slashes, a right-to-left language, a Root of its own and
 * one of another plugin, swizzled components, consent, and every button that the chat can put into a page.
 */
const chatkitScriptUrl = process.env.EXAMPLE_SITE_SCRIPT_URL;

export default {
  title: 'Kettle',
  url: 'https://kettle.example',
  baseUrl: '/manual/',
  trailingSlash: true,
  future: {v4: true},
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
        ui: 'chatkit',
        ...(chatkitScriptUrl ? {chatkitScriptUrl, domainKey: 'domain_pk_test'} : {}),
        consent: true,
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
