import {lazy, Suspense, type ReactNode} from 'react';
import {loadMarkdown} from './loadMarkdown.js';
import type {Marker} from './sources.js';

// Blocked, or gone after a deployment: plain text is an answer too.
const Markdown = lazy(() => loadMarkdown().catch(() => ({default: PlainText})));

const NO_MARKERS: readonly Marker[] = [];

function PlainText({text}: {text: string}): ReactNode {
  return (
    <p className="dc-plain" dir="auto">
      {text}
    </p>
  );
}

/** Markdown, as plain text until what draws it has arrived. */
export function Prose({
  text,
  markers = NO_MARKERS,
  streaming = false,
}: {
  text: string;
  markers?: readonly Marker[];
  streaming?: boolean;
}): ReactNode {
  return (
    <Suspense fallback={<PlainText text={text} />}>
      <Markdown text={text} markers={markers} streaming={streaming} />
    </Suspense>
  );
}
