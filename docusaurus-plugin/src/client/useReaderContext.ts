import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import useGlobalData from '@docusaurus/useGlobalData';
import {useLocation} from '@docusaurus/router';
import {buildId} from './chatData.js';
import {findDocsVersion, findLatestVersion} from './docsVersion.js';
import type {ReaderContext} from '../panel/transport.js';

/** What the reader is looking at, and how to say in one line which docs answer: "2.1 · English". */
export function useReaderContext(): {context: ReaderContext; scopeLabel?: string} {
  const {
    siteConfig: {baseUrl},
    i18n: {currentLocale, locales, localeConfigs},
  } = useDocusaurusContext();
  const {pathname} = useLocation();
  const globalData = useGlobalData();

  const version = findDocsVersion(pathname, globalData, baseUrl);
  const shown = version ?? findLatestVersion(globalData);
  const scopeLabel = [
    shown?.isOneOfSeveral && shown.label,
    locales.length > 1 && (localeConfigs[currentLocale]?.label ?? currentLocale),
  ]
    .filter(Boolean)
    .join(' · ');
  return {
    context: {
      page: pathname,
      locale: currentLocale,
      ...(version && {version: version.name}),
      ...(buildId !== undefined && {build: buildId}),
    },
    ...(scopeLabel && {scopeLabel}),
  };
}
