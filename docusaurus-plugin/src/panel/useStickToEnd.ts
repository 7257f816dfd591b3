import {useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject} from 'react';

/** So close to the end, the reader is following. */
const NEAR_PX = 48;

/**
 * Keeps a growing scroller at its end while the reader is there, and leaves it alone once they have
 * scrolled up. `content` is any value that changes when the content does.
 */
export function useStickToEnd(content: unknown): {
  scroller: RefObject<HTMLDivElement | null>;
  atEnd: boolean;
  toEnd: () => void;
} {
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const lastTop = useRef(0);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    following.current = true;
    setAtEnd(true);
    if (element !== null) {
      element.scrollTop = element.scrollHeight;
    }
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return undefined;
    }
    const follow = () => {
      if (following.current) {
        element.scrollTop = element.scrollHeight;
      }
    };
    // What the reader opens stays where it is, and grows downwards.
    const onClick = ({target}: Event) => {
      if ((target as Element).closest('summary') !== null) {
        following.current = false;
      }
    };
    const onToggle = () => {
      following.current = isNear(element);
      setAtEnd(following.current);
    };
    const onScroll = () => {
      const near = isNear(element);
      // Events come late: what has grown meanwhile is no sign of the reader. Moving up is.
      following.current = near || (following.current && element.scrollTop >= lastTop.current);
      lastTop.current = element.scrollTop;
      setAtEnd(following.current);
    };
    element.addEventListener('scroll', onScroll, {passive: true});
    element.addEventListener('click', onClick);
    // It does not bubble.
    element.addEventListener('toggle', onToggle, {capture: true});
    // Code that is highlighted late and fonts change heights without a render.
    const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(follow);
    for (const child of element.children) {
      observer?.observe(child);
    }
    observer?.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('click', onClick);
      element.removeEventListener('toggle', onToggle, {capture: true});
      observer?.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null && following.current) {
      element.scrollTop = element.scrollHeight;
    }
  }, [content]);

  return {scroller, atEnd, toEnd};
}

function isNear({scrollHeight, scrollTop, clientHeight}: Element): boolean {
  return scrollHeight - scrollTop - clientHeight < NEAR_PX;
}
