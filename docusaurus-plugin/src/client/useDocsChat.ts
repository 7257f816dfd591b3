import {useEffect, useMemo, useState} from 'react';
import {useHistory} from '@docusaurus/router';
import {createStorageSlot} from '@docusaurus/theme-common';
import {useLauncherData} from './launcherData.js';
import {matchesShortcut} from './shortcut.js';
import type {LauncherData} from '../clientOptions.js';

type State = {
  view: 'closed' | 'open' | 'minimized';
  /** True from the first opening on: the chat stays mounted, hidden when it is closed. */
  opened: boolean;
  /** A question to put into the composer, not sent; a new object each time. */
  draft?: {text: string};
  /** The reader opened it now, so the focus may move; not so when a reload restores it. */
  autoFocus: boolean;
  /** What had the focus when the chat was opened. */
  opener: Element | null;
};

export type Chat = State & {
  options: LauncherData;
  open: (question?: string | null) => void;
  close: () => void;
  minimize: () => void;
  toggle: () => void;
};

const WIDE = '(min-width: 1280px)';

/**
 * State of the chat, and every way to open it: the shortcut, `?ask=`, a `docs-chat:open` event on
 * `window` (`detail: {question?: string}`), and any element with `data-docs-chat-open`.
 */
export function useDocsChat(): Chat {
  const options = useLauncherData();
  const history = useHistory();
  const [state, setState] = useState<State>({
    view: 'closed',
    opened: false,
    autoFocus: false,
    opener: null,
  });
  const actions = useMemo(() => {
    const show =
      (question?: string | null, opener = document.activeElement, autoFocus = true) =>
      (last: State): State => ({
        view: 'open',
        opened: true,
        autoFocus,
        opener: last.view === 'open' ? last.opener : opener,
        draft: question ? {text: question} : last.draft,
      });
    const leave = (view: 'closed' | 'minimized') => setState((last) => ({...last, view}));
    return {
      open: (...opening: Parameters<typeof show>) => setState(show(...opening)),
      close: () => leave('closed'),
      minimize: () => leave('minimized'),
      toggle: () => {
        const opened = show();
        setState((last) => (last.view === 'open' ? {...last, view: 'closed'} : opened(last)));
      },
    };
  }, []);

  useEffect(() => {
    const {location} = history;
    const params = new URLSearchParams(location.search);
    const ask = params.get('ask');
    if (ask !== null) {
      params.delete('ask');
      history.replace({...location, search: params.toString()});
      actions.open(ask);
    } else if (
      // The region notes that it is open: it comes back after a reload of this tab, beside the page.
      createStorageSlot('docs-chat.open', {persistence: 'sessionStorage'}).get() &&
      matchMedia(WIDE).matches
    ) {
      actions.open(null, null, false);
    }
  }, [history, actions]);

  useEffect(() => {
    const listeners = new AbortController();
    const {signal} = listeners;
    addEventListener(
      'docs-chat:open',
      (event) => actions.open((event as CustomEvent<{question?: string} | null>).detail?.question),
      {signal},
    );
    addEventListener(
      'click',
      (event) => {
        const trigger = (event.target as Element).closest?.('[data-docs-chat-open]');
        if (trigger) {
          event.preventDefault();
          // Not every browser gives a clicked button the focus.
          actions.open(trigger.getAttribute('data-docs-chat-open'), trigger);
        }
      },
      {signal},
    );
    const {shortcut} = options;
    if (shortcut) {
      addEventListener(
        'keydown',
        (event) => {
          if (matchesShortcut(event, shortcut)) {
            event.preventDefault();
            actions.toggle();
          }
        },
        {signal},
      );
    }
    return () => listeners.abort();
  }, [options, actions]);

  return {...state, ...actions, options};
}
