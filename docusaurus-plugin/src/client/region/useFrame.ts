import {useEffect, useLayoutEffect, type RefObject} from 'react';
import {useHistory} from '@docusaurus/router';
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

/** While the chat takes the whole screen: nothing else can be reached, and "back" closes it. */
export function useModal(active: boolean, frame: RefObject<HTMLElement | null>, close: () => void) {
  const history = useHistory();

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

  useEffect(() => {
    if (!active) {
      return undefined;
    }
    return history.block((_, action) => {
      if (action !== 'POP') {
        return undefined;
      }
      close();
      return false;
    });
  }, [active, history, close]);
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
