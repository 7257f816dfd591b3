import {useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject} from 'react';

/** So close to the end, the reader is following. */
const NEAR_PX = 48;
/** What stays free above the question that is answered. */
const ABOVE_PX = 18;

/**
 * Scrolls along with what is added, until the question that it answers is at the top: then the answer
 * is read from its beginning, however long it gets. Leaves the reader alone once they have scrolled
 * up, and stays at the end where they asked for the end or went there. `content` is any value that
 * changes when the content does; `wholly` says that its end is what matters.
 */
export function useStickToEnd(
  content: unknown,
  wholly: boolean,
): {
  scroller: RefObject<HTMLDivElement | null>;
  atEnd: boolean;
  /** A question was asked. */
  toQuestion: () => void;
  toEnd: () => void;
} {
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const toVeryEnd = useRef(false);
  const lastTop = useRef(0);
  const [atEnd, setAtEnd] = useState(true);

  const follow = useCallback(() => {
    const element = scroller.current;
    if (element === null || !following.current) {
      return;
    }
    const goal = toVeryEnd.current ? element.scrollHeight : Math.min(element.scrollHeight, questionTop(element));
    // Never back: what lies below was read meanwhile.
    if (element.scrollTop < goal) {
      element.scrollTop = goal;
    }
  }, []);

  const toQuestion = useCallback(() => {
    following.current = true;
    toVeryEnd.current = false;
    setAtEnd(true);
  }, []);

  const toEnd = useCallback(() => {
    following.current = true;
    toVeryEnd.current = true;
    setAtEnd(true);
    follow();
  }, [follow]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return undefined;
    }
    const look = () => setAtEnd(isNearEnd(element) || (following.current && toVeryEnd.current));
    // What the reader opens stays where it is, and grows downwards.
    const onClick = ({target}: Event) => {
      if ((target as Element).closest('summary') !== null) {
        following.current = false;
      }
    };
    const onToggle = () => {
      following.current = isNearEnd(element);
      look();
    };
    const onScroll = () => {
      const near = isNearEnd(element);
      const {scrollTop} = element;
      // Events come late: what has grown meanwhile is no sign of the reader. Moving up is.
      following.current = near || (following.current && scrollTop >= lastTop.current);
      // Further down than we go by ourselves.
      toVeryEnd.current ||= near && scrollTop > questionTop(element) + NEAR_PX;
      lastTop.current = scrollTop;
      look();
    };
    element.addEventListener('scroll', onScroll, {passive: true});
    element.addEventListener('click', onClick);
    // It does not bubble.
    element.addEventListener('toggle', onToggle, {capture: true});
    // Code that is highlighted late and fonts change heights without a render.
    const onResize = () => {
      follow();
      look();
    };
    const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(onResize);
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
  }, [follow]);

  useLayoutEffect(() => {
    toVeryEnd.current = wholly;
  }, [wholly]);

  useLayoutEffect(follow, [content, wholly, follow]);

  return {scroller, atEnd, toQuestion, toEnd};
}

function isNearEnd({scrollHeight, scrollTop, clientHeight}: Element): boolean {
  return scrollHeight - scrollTop - clientHeight < NEAR_PX;
}

/** How far to scroll for the last question to be at the top. */
function questionTop(scroller: Element): number {
  const question = [...scroller.querySelectorAll('[data-docs-chat="question"]')].at(-1);
  if (question === undefined) {
    return 0;
  }
  const {top} = question.getBoundingClientRect();
  return scroller.scrollTop + top - scroller.getBoundingClientRect().top - ABOVE_PX;
}
