import {useSyncExternalStore} from 'react';

/** `wide`: beside the page, which makes room. `overlay`: over its end. `full`: instead of it. */
export type Mode = 'wide' | 'overlay' | 'full';

const WIDE = '(min-width: 1280px)';
/** Docusaurus's own breakpoint for phones and small tablets. */
const FULL = '(max-width: 996px)';

export function useMode(): Mode {
  return useSyncExternalStore(subscribe, read);
}

function read(): Mode {
  if (matchMedia(FULL).matches) {
    return 'full';
  }
  return matchMedia(WIDE).matches ? 'wide' : 'overlay';
}

function subscribe(onChange: () => void): () => void {
  const queries = [matchMedia(WIDE), matchMedia(FULL)];
  queries.forEach((query) => query.addEventListener('change', onChange));
  return () => queries.forEach((query) => query.removeEventListener('change', onChange));
}
