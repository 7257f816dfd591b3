import {usePluginData} from '@docusaurus/useGlobalData';
import type {LauncherData} from '../clientOptions.js';

/** The few options that every page needs. */
export function useLauncherData(): LauncherData {
  return usePluginData('docusaurus-plugin-docs-chat') as LauncherData;
}
