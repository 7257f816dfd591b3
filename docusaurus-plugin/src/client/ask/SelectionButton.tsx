import {useEffect, useLayoutEffect, useRef, useState, type ReactNode} from 'react';
import {createPortal} from 'react-dom';
import {useLocation} from '@docusaurus/router';
import {injectStyles} from '../injectStyles.js';
import {openChat} from '../openChat.js';
import {quoteText} from './quote.js';
import {useSelected} from './useSelected.js';
import type {Selected} from './readSelection.js';

/** Room for the handles that touch screens put under a selection. */
const GAP = {fine: 8, coarse: 36};
const MARGIN = 8;

injectStyles(`
.docs-chat-select {
  position: absolute;
  z-index: calc(var(--ifm-z-index-fixed) - 2);
  display: flex;
  align-items: center;
  gap: 7px;
  min-block-size: 36px;
  padding: 6px 12px 6px 10px;
  border: 1px solid var(--ifm-color-emphasis-300);
  border-radius: 10px;
  background: var(--ifm-background-surface-color);
  color: var(--ifm-font-color-base);
  font: 600 14px/20px var(--ifm-font-family-base);
  white-space: nowrap;
  box-shadow: 0 2px 10px rgb(0 0 0 / 16%);
  cursor: pointer;
  user-select: none;
  animation: docs-chat-select 120ms ease-out;
}
.docs-chat-select:hover { border-color: var(--ifm-color-primary); }
.docs-chat-select:focus-visible { outline: 2px solid var(--ifm-color-primary); outline-offset: 2px; }
.docs-chat-select svg { inline-size: 17px; block-size: 17px; fill: none; stroke: var(--ifm-color-primary); stroke-width: 1.8; stroke-linejoin: round; }
@media (pointer: coarse) { .docs-chat-select { min-block-size: 44px; } }
@keyframes docs-chat-select { from { opacity: 0; transform: translateY(-3px); } }
@media (prefers-reduced-motion: reduce) { .docs-chat-select { animation: none; } }
@media print { .docs-chat-select { display: none; } }
`);

/** Stands under what the reader has selected, and is the next stop of the Tab key from there. */
export default function SelectionButton({label}: {label: string}): ReactNode {
  const [selected, dismiss] = useSelected();
  const {pathname} = useLocation();
  const button = useRef<HTMLButtonElement>(null);
  const place = usePlace(selected, button);

  useEffect(() => {
    if (!selected) {
      return undefined;
    }
    const onKeyDown = (event: KeyboardEvent) => {
      const focused = document.activeElement === button.current;
      if (event.key === 'Escape') {
        dismiss();
      } else if (event.key === 'Tab' && focused) {
        event.preventDefault();
        findStop(selected.range, event.shiftKey)?.focus();
      } else if (event.key === 'Tab' && !event.shiftKey && isInPage(document.activeElement)) {
        event.preventDefault();
        button.current?.focus({preventScroll: true});
      }
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  });

  if (!selected) {
    return null;
  }
  return createPortal(
    <button
      ref={button}
      type="button"
      className="docs-chat-select"
      data-docs-chat="selection-button"
      style={place}
      // The press must not take the selection away.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        dismiss();
        openChat(quoteText(selected.text, {title: readTitle(), path: pathname}));
      }}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4 3v-3H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z" />
      </svg>
      {label}
    </button>,
    document.body,
  );
}

/** Under the end of the selection, and on the screen. */
function usePlace(
  selected: Selected | undefined,
  button: {current: HTMLElement | null},
): {left: number; top: number} | undefined {
  const [place, setPlace] = useState<{left: number; top: number}>();
  useLayoutEffect(() => {
    if (!selected || !button.current) {
      return undefined;
    }
    const {current: element} = button;
    const move = () => {
      const gap = matchMedia('(pointer: coarse)').matches ? GAP.coarse : GAP.fine;
      const rects = selected.range.getClientRects();
      const end = rects[rects.length - 1] ?? selected.range.getBoundingClientRect();
      const {clientWidth, clientHeight} = document.documentElement;
      const {offsetWidth, offsetHeight} = element;
      const below = end.bottom + gap;
      // Of a selection that ends under the screen, the reader sees the lower edge of the screen.
      const top = Math.min(below, clientHeight - offsetHeight - MARGIN);
      const edge = getComputedStyle(document.documentElement).direction === 'rtl' ? end.left : end.right;
      const left = Math.max(MARGIN, Math.min(edge - offsetWidth / 2, clientWidth - offsetWidth - MARGIN));
      setPlace({left: left + scrollX, top: top + scrollY});
    };
    move();
    addEventListener('resize', move);
    return () => removeEventListener('resize', move);
  }, [selected, button]);
  return place;
}

/** Nothing of the page's own controls has the focus, so Tab goes on from the selection. */
function isInPage(focused: Element | null): boolean {
  return focused === null || focused === document.body || getSelection()?.containsNode(focused, true) === true;
}

/** Where Tab goes from the selected text: the button itself is at the end of the document. */
function findStop({endContainer}: Range, backwards: boolean): HTMLElement | undefined {
  const stops = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex]')].filter(
    (element) => element.tabIndex >= 0 && !element.matches(':disabled') && element.getClientRects().length > 0,
  );
  const at = stops.findIndex(
    (element) => endContainer.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  return backwards ? stops.at(at - 1) : stops[at];
}

function readTitle(): string {
  return (document.querySelector('article h1') ?? document.querySelector('h1'))?.textContent ?? document.title;
}
