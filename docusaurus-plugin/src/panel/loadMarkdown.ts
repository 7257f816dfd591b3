import {useEffect, useState} from 'react';

/** The renderer of answers: half of the panel's weight, and not needed before the first of them. */
export function loadMarkdown(): Promise<typeof import('./Markdown.js')> {
  return import('./Markdown.js');
}

/** Loads the renderer once it is `needed`, while the question is still being typed; true when that is over. */
export function useMarkdownLoaded(needed: boolean): boolean {
  const [loaded, setLoaded] = useState(false);

  useEffect(() => {
    if (!needed || loaded) {
      return undefined;
    }
    let mounted = true;
    const settle = () => mounted && setLoaded(true);
    loadMarkdown().then(settle, settle);
    return () => {
      mounted = false;
    };
  }, [needed, loaded]);

  return loaded;
}
