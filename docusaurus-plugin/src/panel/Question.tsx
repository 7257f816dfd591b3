import type {ReactNode} from 'react';
import {useLink, usePanel} from './context.js';
import {FileIcon} from './icons.js';
import {safeHref} from './links.js';
import type {TagInput} from './protocol.js';
import type {Turn} from './turns.js';

/** What the reader asked, with the pages that they named and the files that they added. */
export function Question({question}: {question: NonNullable<Turn['question']>}): ReactNode {
  const {strings} = usePanel();
  const {content, attachments, quoted} = question;
  return (
    <div className="dc-q" dir="auto" data-docs-chat="question" role="group" aria-label={strings.question}>
      {quoted !== undefined && <blockquote>{quoted}</blockquote>}
      {content.map((part, at) => (part.type === 'input_tag' ? <Tag key={at} tag={part} /> : part.text))}
      {attachments.length > 0 && (
        <ul className="dc-files">
          {attachments.map(({id, name}) => (
            <li key={id}>
              <FileIcon />
              <bdi>{name}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Tag({tag: {text, data}}: {tag: TagInput}): ReactNode {
  const href = typeof data.permalink === 'string' ? safeHref(data.permalink) : undefined;
  return href === undefined ? <span className="dc-tag">{text}</span> : <TagLink text={text} href={href} />;
}

function TagLink({text, href}: {text: string; href: string}): ReactNode {
  return (
    <a className="dc-tag" {...useLink(href)}>
      {text}
    </a>
  );
}
