import {lazy, Suspense, useMemo, useState, type ReactNode} from 'react';
import {LitContext, usePanel} from './context.js';
import {loadMarkdown} from './loadMarkdown.js';
import {SourceList} from './SourceList.js';
import {collectSources} from './sources.js';
import type {AnswerPart} from './turns.js';

// Blocked, or gone after a deployment: plain text is an answer too.
const Markdown = lazy(() => loadMarkdown().catch(() => ({default: PlainText})));

function PlainText({text}: {text: string}): ReactNode {
  return (
    <p className="dc-plain" dir="auto">
      {text}
    </p>
  );
}

/** One message of the server: its text with citations and, when it is finished, its sources. */
export function Answer({part, note, children}: {part: AnswerPart; note?: string | undefined; children?: ReactNode}): ReactNode {
  const {strings} = usePanel();
  const [lit, setLit] = useState<string | null>(null);
  const {sources, markers} = useMemo(() => collectSources(part.annotations), [part.annotations]);
  const lighting = useMemo(() => ({lit, setLit}), [lit]);

  return (
    <LitContext.Provider value={lighting}>
      <article className="dc-a" data-docs-chat="answer" aria-label={strings.answer} aria-busy={part.open}>
        <Suspense fallback={<PlainText text={part.text} />}>
          <Markdown text={part.text} markers={markers} streaming={part.open} />
        </Suspense>
        {note !== undefined && <p className="dc-note">{note}</p>}
        {!part.open && <SourceList sources={sources} />}
        {children}
      </article>
    </LitContext.Provider>
  );
}
