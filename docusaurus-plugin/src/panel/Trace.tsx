import type {ReactNode} from 'react';
import {useLink, usePanel} from './context.js';
import {ChevronIcon, FileIcon, SearchIcon, StepsIcon} from './icons.js';
import {Prose} from './Prose.js';
import type {Search} from './searches.js';
import type {Cited} from './sources.js';
import type {Note} from './steps.js';
import type {TraceLine} from './turns.js';

/** One quiet line on what was done for an answer; it opens where there is more to tell. */
export function Trace({trace}: {trace: TraceLine}): ReactNode {
  const line = (
    <>
      {isSearch(trace) ? <SearchIcon /> : <StepsIcon />}
      <span>{trace.text}</span>
    </>
  );
  // While it runs its text changes all the time: nothing to open yet.
  if (trace.active || trace.steps.length === 0) {
    return (
      <p className="dc-trace" data-active={trace.active || undefined}>
        {line}
      </p>
    );
  }
  return (
    <details className="dc-found" data-docs-chat="trace" open={trace.expanded}>
      <summary className="dc-trace">
        {line}
        <ChevronIcon />
      </summary>
      {trace.steps.map((step, at) => ('queries' in step ? <SearchEntry key={at} search={step} /> : <NoteEntry key={at} note={step} />))}
    </details>
  );
}

/** What says nothing of its steps is a search, as these docs' own are. */
function isSearch({steps}: TraceLine): boolean {
  return steps.length === 0 || steps.some((step) => 'queries' in step);
}

function SearchEntry({search: {queries, found}}: {search: Search}): ReactNode {
  const {strings} = usePanel();
  return (
    <div className="dc-search">
      {queries.length > 0 && (
        <p>
          {queries.map((query) => (
            <q key={query} dir="auto">
              {query}
            </q>
          ))}
        </p>
      )}
      {found.length === 0 ? (
        <p>{strings.foundNothing}</p>
      ) : (
        <ul aria-label={strings.found}>
          {found.map((source) => (
            <li key={source.key}>
              <FoundEntry source={source} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function FoundEntry({source: {href, breadcrumb}}: {source: Cited}): ReactNode {
  const link = useLink(href ?? '');
  // Each in its own direction, all on the panel's side.
  const title = <bdi>{breadcrumb}</bdi>;
  return href === undefined ? <span>{title}</span> : <a {...link}>{title}</a>;
}

function NoteEntry({note: {title, content, files}}: {note: Note}): ReactNode {
  return (
    <div className="dc-search">
      {title !== undefined && <p>{title}</p>}
      {content !== undefined && <Prose text={content} />}
      {files.length > 0 && (
        <ul className="dc-files">
          {files.map((name) => (
            <li key={name}>
              <FileIcon />
              <bdi>{name}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
