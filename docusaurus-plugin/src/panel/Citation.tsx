import {useContext, useRef, type ReactNode} from 'react';
import {LitContext, useLink, usePanel} from './context.js';
import type {Cited} from './sources.js';

/** A small number in the text: a link to the exact section, with its source shown on hover and focus. */
export function Citation({source}: {source: Cited}): ReactNode {
  const {strings, showSource} = usePanel();
  const {lit, setLit} = useContext(LitContext);
  const link = useLink(source.href ?? '');
  const element = useRef<HTMLAnchorElement>(null);

  const show = () => {
    setLit(source.key);
    if (element.current !== null) {
      showSource({source, anchor: element.current});
    }
  };
  const hide = () => {
    setLit(null);
    showSource(null);
  };

  return (
    <a
      ref={element}
      {...(source.href === undefined ? {role: 'note', tabIndex: 0} : link)}
      className={lit === source.key ? 'dc-cite dc-on' : 'dc-cite'}
      data-docs-chat="citation"
      aria-label={strings.source(source.n, source.title)}
      onPointerEnter={(event) => event.pointerType !== 'touch' && show()}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
      onClick={(event) => {
        if (source.href === undefined) {
          // A finger has no other way to see it.
          show();
          return;
        }
        hide();
        link.onClick?.(event);
      }}
    >
      {source.n}
    </a>
  );
}
