import {useMemo, useState, type ReactNode} from 'react';
import {LitContext, usePanel} from './context.js';
import {Prose} from './Prose.js';
import {SourceList} from './SourceList.js';
import {collectSources} from './sources.js';
import type {AnswerPart} from './turns.js';

/** One message of the server: its text with citations and, when it is finished, its sources. */
export function Answer({part, note}: {part: AnswerPart; note?: string | undefined}): ReactNode {
  const {strings} = usePanel();
  const [lit, setLit] = useState<string | null>(null);
  const {sources, markers} = useMemo(() => collectSources(part.annotations), [part.annotations]);
  const lighting = useMemo(() => ({lit, setLit}), [lit]);

  return (
    <LitContext.Provider value={lighting}>
      <article className="dc-a" data-docs-chat="answer" aria-label={strings.answer} aria-busy={part.open}>
        <Prose text={part.text} markers={markers} streaming={part.open} />
        {note !== undefined && <p className="dc-note">{note}</p>}
        {!part.open && <SourceList sources={sources} />}
      </article>
    </LitContext.Provider>
  );
}
