import {useEffect, useMemo, useState} from 'react';
import {useHistory} from '@docusaurus/router';
import {usePluginData} from '@docusaurus/useGlobalData';
import {createStorageSlot} from '@docusaurus/theme-common';
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
  open: (question?: string) => void;
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
  const options = usePluginData('docusaurus-plugin-docs-chat') as LauncherData;
  const history = useHistory();
  const [state, setState] = useState<State>({
    view: 'closed',
    opened: false,
    autoFocus: false,
    opener: null,
  });
  const actions = useMemo(() => {
    const show = (autoFocus: boolean, question?: string) => {
      const opener = document.activeElement;
      return (last: State): State => ({
        view: 'open',
        opened: true,
        autoFocus,
        opener: last.view === 'open' ? last.opener : opener,
        draft: question ? {text: question} : last.draft,
      });
    };
    const leave =
      (view: 'closed' | 'minimized') =>
      (last: State): State => ({...last, view});
    return {
      open: (question?: string) => setState(show(true, question)),
      restore: () => setState(show(false)),
      close: () => setState(leave('closed')),
      minimize: () => setState(leave('minimized')),
      toggle: () => {
        const opened = show(true);
        setState((last) => (last.view === 'open' ? leave('closed')(last) : opened(last)));
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
    } else if (openSlot().get() !== null && matchMedia(WIDE).matches) {
      actions.restore();
    }
  }, [history, actions]);

  useEffect(() => {
    if (state.opened) {
      const slot = openSlot();
      if (state.view === 'open') {
        slot.set('1');
      } else {
        slot.del();
      }
    }
  }, [state.opened, state.view]);

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
          actions.open(trigger.getAttribute('data-docs-chat-open') ?? undefined);
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

// The chat comes back after a reload of this tab, not in every new one.
function openSlot() {
  return createStorageSlot('docs-chat.open', {persistence: 'sessionStorage'});
}
