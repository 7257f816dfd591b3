import {useEffect, useRef, type ReactNode} from 'react';
import {usePanel} from './context.js';
import {scrollWithin} from './scrollWithin.js';
import type {TagMenu} from './useTagMenu.js';

/** The id of one choice of the menu. */
export function optionId(menu: string, at: number): string {
  return `${menu}-${at}`;
}

/** The pages that can be named, over the question that is being typed; the focus stays there. */
export function TagList({menu: {id, entities, active, choose, setActive}}: {menu: TagMenu}): ReactNode {
  const {strings} = usePanel();
  const option = useRef<HTMLLIElement>(null);
  useEffect(() => scrollWithin(option.current?.parentElement, option.current), [active]);
  if (entities === null) {
    return null;
  }
  return (
    <>
      {entities.length === 0 ? (
        <p className="dc-menu dc-note">{strings.tags.none}</p>
      ) : (
        <ul id={id} className="dc-menu" role="listbox" aria-label={strings.tags.list} data-docs-chat="tags">
          {entities.map((entity, at) => (
            <li
              key={entity.id}
              ref={at === active ? option : undefined}
              id={optionId(id, at)}
              role="option"
              aria-selected={at === active}
              dir="auto"
              onPointerMove={() => setActive(at)}
              // The field keeps the focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(entity)}
            >
              <b>{entity.title}</b>
              {entity.description !== undefined && <span>{entity.description}</span>}
            </li>
          ))}
        </ul>
      )}
      <p className="dc-sr" role="status">
        {entities.length === 0 ? strings.tags.none : strings.tags.found(entities.length)}
      </p>
    </>
  );
}
