import {useEffect, useRef, useState} from 'react';
import {readSelection, type Selected} from './readSelection.js';

/** A selection is still growing while it changes faster than this. */
const SETTLE_MS = 150;

/** What the reader has selected, once the pointer is up and the selection stands still. */
export function useSelected(): [Selected | undefined, dismiss: () => void] {
  const [selected, setSelected] = useState<Selected>();
  // What was dismissed stays selected, and is no news.
  const dismissed = useRef<Range>(undefined);
  useEffect(() => {
    const listeners = new AbortController();
    const {signal} = listeners;
    let timer: ReturnType<typeof setTimeout>;
    let pressed = false;
    const look = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!pressed) {
          setSelected((last) => {
            const next = readSelection();
            if (next && dismissed.current && isSame(next.range, dismissed.current)) {
              return undefined;
            }
            dismissed.current = undefined;
            return next && last && isSame(next.range, last.range) ? last : next;
          });
        }
      }, SETTLE_MS);
    };
    const press = (down: boolean) => () => {
      pressed = down;
      if (down) {
        dismissed.current = undefined;
      }
      look();
    };
    look();
    document.addEventListener('selectionchange', look, {signal});
    // The press may be older than this.
    addEventListener('pointermove', ({buttons}) => (pressed = buttons > 0), {signal});
    addEventListener('pointerdown', press(true), {signal});
    for (const end of ['pointerup', 'pointercancel']) {
      addEventListener(end, press(false), {signal});
    }
    return () => {
      clearTimeout(timer);
      listeners.abort();
    };
  }, []);
  const dismiss = () => {
    dismissed.current = selected?.range.cloneRange();
    setSelected(undefined);
  };
  return [selected, dismiss];
}

function isSame(a: Range, b: Range): boolean {
  return (
    a.startContainer === b.startContainer &&
    a.startOffset === b.startOffset &&
    a.endContainer === b.endContainer &&
    a.endOffset === b.endOffset
  );
}
