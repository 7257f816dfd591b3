import type {ReactNode} from 'react';
import {useLink} from './context.js';
import {safeHref} from './links.js';

/** The site owner's way to people, for what the docs do not answer. */
export function HelpLink({link}: {link: {label: string; url: string} | undefined}): ReactNode {
  const href = link === undefined ? undefined : safeHref(link.url);
  return link === undefined || href === undefined ? null : <Pill label={link.label} href={href} />;
}

function Pill({label, href}: {label: string; href: string}): ReactNode {
  return (
    <a className="dc-pill" {...useLink(href)}>
      {label}
    </a>
  );
}
