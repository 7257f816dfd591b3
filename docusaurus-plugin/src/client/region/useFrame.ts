import {useEffect, useLayoutEffect, useRef, type RefObject} from 'react';
import type {Chat} from '../useDocsChat.js';

/** While the chat stands beside the page, the page makes room for it. */
export function usePush(active: boolean, width: number): void {
  useLayoutEffect(() => {
    const {style, dataset} = document.documentElement;
    style.setProperty('--docs-chat-width', `${width}px`);
    if (active) {
      dataset.docsChatPush = '';
    }
    return () => {
      delete dataset.docsChatPush;
    };
  }, [active, width]);
}

/** While the chat takes the whole screen, nothing else can be reached. */
export function useModal(active: boolean, frame: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (!active) {
      return undefined;
    }
    const {style} = document.documentElement;
    const {overflow} = style;
    style.overflow = 'hidden';
    const covered = [...document.body.children].filter(
      (element) => element !== frame.current && !element.hasAttribute('inert'),
    );
    covered.forEach((element) => element.setAttribute('inert', ''));
    return () => {
      style.overflow = overflow;
      covered.forEach((element) => element.removeAttribute('inert'));
    };
  }, [active, frame]);
}

type EntryState = {docsChat?: boolean} | null;

/**
 * While the chat takes the whole screen, "back" closes it, also on the first page of a visit: it has an entry of its
 * own in the browser's history. The entry has the page's address and state, so the router never notices.
 */
export function useBack(active: boolean, minimized: boolean, close: () => void): void {
  const kept = useRef(minimized);
  useLayoutEffect(() => {
    kept.current = minimized;
  });
  useEffect(() => {
    if (!active) {
      return undefined;
    }
    const {history} = window;
    history.pushState({...(history.state as EntryState), docsChat: true}, '');
    const onPop = (event: Event) => {
      event.stopImmediatePropagation();
      close();
    };
    addEventListener('popstate', onPop, {capture: true});
    return () => {
      removeEventListener('popstate', onPop, {capture: true});
      // A followed citation has taken the entry's place, or shows a section of the same page.
      if ((history.state as EntryState)?.docsChat && !kept.current) {
        addEventListener('popstate', (event) => event.stopImmediatePropagation(), {capture: true, once: true});
        history.back();
      }
    };
  }, [active, close]);
}

/**
 * Moves the focus into the chat when the reader opens it, and back to where it was. A touch screen
 * gets no keyboard that it did not ask for: there the frame itself takes the focus.
 */
export function useFocus(chat: Chat, frame: RefObject<HTMLElement | null>): void {
  const {view, autoFocus, opener} = chat;
  useEffect(() => {
    if (view !== 'open') {
      return undefined;
    }
    const region = frame.current;
    if (autoFocus && region && !region.contains(document.activeElement)) {
      const composer = hasFinePointer() ? findComposer(region) : null;
      (composer ?? region).focus({preventScroll: true});
    }
    return () => {
      // Where the reader went meanwhile, if not into the chat, is where they want to be.
      const {activeElement} = document;
      if (activeElement === document.body || region?.contains(activeElement)) {
        findReturn(opener)?.focus({preventScroll: true});
      }
    };
  }, [view, autoFocus, opener, frame]);
}

export function hasFinePointer(): boolean {
  return matchMedia('(pointer: fine)').matches;
}

function findComposer(region: HTMLElement): HTMLElement | null {
  return region.querySelector<HTMLElement>('[data-docs-chat="composer"]:is(textarea), [data-docs-chat="composer"] textarea');
}

function findReturn(opener: Element | null): HTMLElement | null {
  return opener instanceof HTMLElement && opener.isConnected && opener !== document.body
    ? opener
    : document.querySelector<HTMLElement>('[data-docs-chat="launcher"]');
}
