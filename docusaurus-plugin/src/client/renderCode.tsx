import {lazy, Suspense, type ReactNode} from 'react';

const Highlight = lazy(() => import('./Highlight.js'));

/** Code as the site's own code blocks show it; plain until the highlighter has arrived. */
export function renderCode(code: string, language: string | undefined): ReactNode {
  return (
    <Suspense fallback={code}>
      <Highlight code={code} language={language ?? 'text'} />
    </Suspense>
  );
}
