import {createContext, useContext, useState, type ReactNode} from 'react';
import type {ActionConfig, ItemOf} from '../protocol.js';
import {withValues} from './formValues.js';
import {Node} from './Node.js';

export type WidgetState = {
  /** Runs an action with the values of the form that its source is in. */
  run: (action: ActionConfig | undefined, source: Element | null, scope?: 'self' | 'container' | 'none') => void;
  /** Actions that answer in the thread can run now. */
  usable: boolean;
  /** The source of the action that runs. */
  running: Element | null;
};

export const WidgetContext = createContext<WidgetState>({run: () => undefined, usable: false, running: null});

export function useWidget(): WidgetState {
  return useContext(WidgetContext);
}

/** A tree of components that the server made: drawn by us, from their names alone. */
export function Widget({
  item,
  onAction,
  usable,
}: {
  item: ItemOf<'widget'>;
  onAction: (action: ActionConfig) => Promise<void>;
  usable: boolean;
}): ReactNode {
  const [busy, setBusy] = useState<{source: Element | null; whole: boolean} | null>(null);
  const run: WidgetState['run'] = (action, source, scope = 'self') => {
    // What is answered in the thread waits its turn; what is not can run at any time.
    const inThread = action?.handler !== 'client' && action?.streaming !== false;
    if (action === undefined || busy !== null || (inThread && !usable)) {
      return;
    }
    const wanted = action.loadingBehavior ?? 'auto';
    const shown = wanted === 'auto' ? scope : wanted;
    const done = onAction(withValues(action, source));
    if (shown !== 'none') {
      setBusy({source, whole: shown === 'container'});
      void done.finally(() => setBusy(null));
    }
  };
  return (
    <WidgetContext.Provider value={{run, usable, running: busy?.source ?? null}}>
      <div className="dc-widget" data-docs-chat="widget" dir="auto" aria-busy={busy !== null} inert={busy?.whole === true}>
        <Node node={item.widget} depth={0} />
      </div>
    </WidgetContext.Provider>
  );
}
