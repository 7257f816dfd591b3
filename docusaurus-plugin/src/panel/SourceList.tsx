import {useContext, type ReactNode} from 'react';
import {LitContext, useLink, usePanel} from './context.js';
import type {Cited} from './sources.js';

/** The sources of an answer, each a link to its exact section. */
export function SourceList({sources}: {sources: readonly Cited[]}): ReactNode {
  const {strings} = usePanel();
  if (sources.length === 0) {
    return null;
  }
  return (
    <ol
      className={sources.length > 3 ? 'dc-sources dc-tight' : 'dc-sources'}
      data-docs-chat="sources"
      aria-label={strings.sources}
      dir="auto"
    >
      {sources.map((source) => (
        <li key={source.key}>
          <SourceEntry source={source} />
        </li>
      ))}
    </ol>
  );
}

function SourceEntry({source}: {source: Cited}): ReactNode {
  const {lit, setLit} = useContext(LitContext);
  const link = useLink(source.href ?? '');
  const events = {
    className: lit === source.key ? 'dc-source dc-on' : 'dc-source',
    onPointerEnter: () => setLit(source.key),
    onPointerLeave: () => setLit(null),
    onFocus: () => setLit(source.key),
    onBlur: () => setLit(null),
  };
  const content = (
    <>
      <span className="dc-n">{source.n}</span>
      <b>{source.breadcrumb}</b>
      <VersionBadge label={source.version} />
      {source.quote !== undefined && <q>{source.quote}</q>}
    </>
  );
  return source.href === undefined ? <div {...events}>{content}</div> : <a {...link} {...events}>{content}</a>;
}

export function VersionBadge({label}: {label: string | undefined}): ReactNode {
  const {strings} = usePanel();
  return label === undefined ? null : (
    <span className="dc-version" aria-label={strings.version(label)} role="img" title={strings.version(label)}>
      {label}
    </span>
  );
}
