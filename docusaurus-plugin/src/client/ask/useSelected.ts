import {useEffect, useState} from 'react';
import {readSelection, type Selected} from './readSelection.js';

/** A selection is still growing while it changes faster than this. */
const SETTLE_MS = 150;

/** What the reader has selected, once the pointer is up and the selection stands still. */
export function useSelected(): [Selected | undefined, dismiss: () => void] {
  const [selected, setSelected] = useState<Selected>();
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
            return next && last && isSame(next.range, last.range) ? last : next;
          });
        }
      }, SETTLE_MS);
    };
    const press = (down: boolean) => () => {
      pressed = down;
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
  return [selected, () => setSelected(undefined)];
}

function isSame(a: Range, b: Range): boolean {
  return (
    a.startContainer === b.startContainer &&
    a.startOffset === b.startOffset &&
    a.endContainer === b.endContainer &&
    a.endOffset === b.endOffset
  );
}
