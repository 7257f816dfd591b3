import {useSyncExternalStore} from 'react';

export type ColorMode = 'light' | 'dark';

/**
 * The page's colour mode. The theme's own hook needs a provider that every page mounts anew, below
 * where the chat lives.
 */
export function useColorMode(): ColorMode {
  return useSyncExternalStore(subscribe, read, () => 'light');
}

function read(): ColorMode {
  return document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light';
}

function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, {attributeFilter: ['data-theme']});
  return () => observer.disconnect();
}
