import pluginDocsChat, {getSwizzleConfig, validateOptions} from './plugin';
import type {GeneratedPage as AGeneratedPage, Manifest as AManifest, ManifestPage as AManifestPage} from './manifest/types';
import type {Options as TheOptions, PluginOptions as ThePluginOptions} from './options';

/**
 * The function itself is the module: an `import` of Node's and of bundlers takes no `default` out of a CommonJS module.
 * What Docusaurus looks for beside it is no named export to them either, so its type does not say so.
 */
const plugin: typeof pluginDocsChat = Object.assign(pluginDocsChat, {validateOptions, getSwizzleConfig});

// eslint-disable-next-line @typescript-eslint/no-namespace -- the one way to export types beside `export =`
namespace plugin {
  export type Options = TheOptions;
  export type PluginOptions = ThePluginOptions;
  export type Manifest = AManifest;
  export type ManifestPage = AManifestPage;
  export type GeneratedPage = AGeneratedPage;
}

export = plugin;
