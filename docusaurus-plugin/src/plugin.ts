import {readFileSync} from 'node:fs';
import path from 'node:path';
import logger from '@docusaurus/logger';
import {checkPrompts} from './checkPrompts';
import {toChatData, toLauncherData} from './clientOptions';
import {writeFeatures} from './features';
import {injectTheme} from './injectTheme';
import {collectManifest} from './manifest/collectManifest';
import {makeBuildId} from './manifest/makeBuildId';
import {writeManifest} from './manifest/writeManifest';
import {pickInitialMessages, readMessages} from './messages';
import {readTexts, toTranslationFiles, translateTexts, type Texts} from './texts';
import {findWarnings} from './warnings';
import type {LoadContext, Plugin, SwizzleConfig} from '@docusaurus/types';
import type {PluginOptions} from './options';

export {validateOptions} from './options';

export default function pluginDocsChat(
  context: LoadContext,
  options: PluginOptions,
): Plugin<Texts> {
  const {siteConfig, siteDir, generatedFilesDir, i18n, baseUrl, outDir} = context;
  const site = {generator: readGenerator(), siteConfig, siteDir, outDir, baseUrl, i18n};

  // One value for the pages and for the manifest, whatever a build does to its sources.
  let build: string | undefined;

  for (const warning of findWarnings(options, siteConfig)) {
    logger.warn(`docusaurus-plugin-docs-chat: ${warning}`);
  }

  return {
    name: 'docusaurus-plugin-docs-chat',

    loadContent: () => readTexts(options),
    getTranslationFiles: ({content}) => toTranslationFiles(content),
    translateContent: ({content, translationFiles}) => translateTexts(content, translationFiles),
    getDefaultCodeTranslationMessages: async () =>
      pickInitialMessages(await readMessages(i18n.currentLocale)),

    async contentLoaded({content, actions}) {
      actions.setGlobalData(toLauncherData(options, content));
      const messages = await readMessages(i18n.currentLocale);
      await actions.createData('chat.json', toChatData(options, content, messages));
      await actions.createData('features.js', writeFeatures(options, siteConfig));
    },

    getThemePath: () => '../lib/theme',
    getTypeScriptThemePath: () => '../src/theme',
    configureWebpack: (config) => injectTheme(config),

    async allContentLoaded({allContent, actions}) {
      checkPrompts(allContent);
      const manifest = collectManifest({...site, allContent});
      // `docusaurus start` never reaches postBuild, and has no HTML.
      if (process.env.NODE_ENV === 'development') {
        await writeManifest(generatedFilesDir, manifest);
      } else {
        build = await makeBuildId(manifest, siteDir);
      }
      await actions.createData('build.json', {build});
    },

    async postBuild({plugins, routes, routesPaths, routesBuildMetadata}) {
      const allContent: Record<string, Record<string, unknown>> = {};
      for (const plugin of plugins) {
        (allContent[plugin.name] ??= {})[plugin.options.id] = plugin.content;
      }
      const built = {routes, routesPaths, routesBuildMetadata};
      await writeManifest(generatedFilesDir, collectManifest({...site, allContent, built, build}));
    },
  };
}

function readGenerator(): string {
  const file = path.resolve(__dirname, '../package.json');
  const {name, version} = JSON.parse(readFileSync(file, 'utf8')) as {name: string; version: string};
  return `${name}@${version}`;
}

export function getSwizzleConfig(): SwizzleConfig {
  return {
    components: {
      DocsChat: {
        description: 'The button that opens the chat, and the chat once it was opened.',
        actions: {wrap: 'safe', eject: 'unsafe'},
      },
      'DocsChat/Conversation': {
        description: 'The opened chat: the region, with ChatKit or the panel in it.',
        actions: {wrap: 'safe', eject: 'unsafe'},
      },
      'DocsChat/NavbarItem': {
        description: 'The navbar item of type `custom-docsChat`.',
        actions: {wrap: 'safe', eject: 'unsafe'},
      },
      'DocsChat/CodeButton': {
        description: 'The button in code blocks that asks about the code.',
        actions: {wrap: 'safe', eject: 'unsafe'},
      },
      'DocsChat/SelectionButton': {
        description: 'The button at selected text that asks about it.',
        actions: {wrap: 'safe', eject: 'unsafe'},
      },
      'DocsChat/strings': {
        description: 'The translated texts of the chat. Prefer the translation files.',
        actions: {wrap: 'forbidden', eject: 'unsafe'},
      },
      'DocsChat/panelStrings': {
        description: 'The translated texts of the panel. Prefer the translation files.',
        actions: {wrap: 'forbidden', eject: 'unsafe'},
      },
    },
  };
}
