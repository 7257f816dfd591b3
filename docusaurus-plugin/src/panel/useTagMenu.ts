import {useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject} from 'react';
import {findMention, insertTag, removeTag, tagBefore, type Draft, type Entity, type Mention} from './tags.js';

export type TagSearch = (query: string) => Promise<Entity[]>;

export type TagMenu = {
  id: string;
  /** What can be chosen; null while nothing is being named. */
  entities: readonly Entity[] | null;
  active: number;
  /** Takes the keys that belong to the menu; true when it took one. */
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
  /** The caret may have moved. */
  look: () => void;
  choose: (entity: Entity) => void;
  setActive: (at: number) => void;
  close: () => void;
};

/** Typing quickly asks once. */
const PAUSE_MS = 120;

/** The menu of pages that follows an @ in the question. */
export function useTagMenu(
  search: TagSearch | undefined,
  draft: Draft,
  onChange: (draft: Draft) => void,
  input: RefObject<HTMLTextAreaElement | null>,
): TagMenu {
  const id = useId();
  const [mention, setMention] = useState<Mention | null>(null);
  const [found, setFound] = useState<readonly Entity[] | null>(null);
  const [active, setActive] = useState(0);
  /** Where the reader sent the menu away: not again for the same @. */
  const left = useRef(-1);
  const query = mention?.query;

  useEffect(() => {
    if (search === undefined || query === undefined) {
      return undefined;
    }
    let wanted = true;
    const show = (entities: readonly Entity[]) => {
      if (wanted) {
        setFound(entities);
        setActive(0);
      }
    };
    const timer = setTimeout(() => {
      search(query).then(show, () => show([]));
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [query, search]);

  const close = () => {
    left.current = mention?.start ?? -1;
    setMention(null);
  };
  const look = () => {
    const {current} = input;
    if (search === undefined || current === null) {
      return;
    }
    const caret = current.selectionStart;
    const next = caret === current.selectionEnd ? findMention({...draft, text: current.value}, caret) : null;
    if (next === null || next.start !== left.current) {
      left.current = -1;
      setMention(next);
      if (next === null) {
        setFound(null);
      }
    }
  };
  const setText = (next: Draft, caret: number) => {
    onChange(next);
    setMention(null);
    setFound(null);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(caret, caret);
    });
  };
  const choose = (entity: Entity) => {
    if (mention !== null) {
      const {draft: next, caret} = insertTag(draft, mention, entity);
      setText(next, caret);
    }
  };
  // Words with a space that no page has are words.
  const entities = mention === null || found === null || (found.length === 0 && mention.query.includes(' ')) ? null : found;

  return {
    id,
    entities,
    active,
    look,
    choose,
    setActive,
    close,
    onKeyDown(event) {
      const {current} = input;
      if (event.key === 'Backspace' && current !== null && current.selectionStart === current.selectionEnd) {
        const tag = tagBefore(draft, current.selectionStart);
        if (tag !== undefined) {
          event.preventDefault();
          const caret = current.selectionStart - tag.title.length - 1;
          setText(removeTag(draft, tag), caret);
          return true;
        }
      }
      if (entities === null) {
        return false;
      }
      const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
      const entity = entities[active];
      if (step !== undefined && entities.length > 0) {
        setActive((active + step + entities.length) % entities.length);
      } else if ((event.key === 'Enter' || event.key === 'Tab') && entity !== undefined && !event.shiftKey) {
        choose(entity);
      } else if (event.key === 'Escape') {
        event.stopPropagation();
        close();
      } else {
        return false;
      }
      event.preventDefault();
      return true;
    },
  };
}
