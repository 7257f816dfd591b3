import type {ReactNode} from 'react';
import {ChevronIcon} from '../icons.js';
import type {WidgetNode} from '../protocol.js';
import {action, flag, part, text} from './fields.js';
import {useWidget} from './Widget.js';
import {WidgetIcon} from './WidgetIcon.js';

/** What stands over a card or a list; of a folded card it opens the rest. */
export function Status({node, open, onToggle}: {node: WidgetNode; open?: boolean; onToggle?: (() => void) | undefined}): ReactNode {
  const status = part(node, 'status');
  if (status === undefined && onToggle === undefined) {
    return null;
  }
  const icon = status === undefined ? undefined : text(status, 'icon');
  const content = (
    <>
      {icon !== undefined && <WidgetIcon name={icon} size="sm" color={undefined} />}
      <span>{(status && text(status, 'text')) ?? '…'}</span>
    </>
  );
  return onToggle === undefined ? (
    <p className="dc-w-status">{content}</p>
  ) : (
    <button type="button" className="dc-w-status" aria-expanded={open} onClick={onToggle}>
      {content}
      <ChevronIcon />
    </button>
  );
}

/** The two buttons that end a card. */
export function CardFoot({node}: {node: WidgetNode}): ReactNode {
  const {run, usable} = useWidget();
  const confirm = part(node, 'confirm');
  const cancel = part(node, 'cancel');
  if (confirm === undefined && cancel === undefined) {
    return null;
  }
  const form = flag(node, 'asForm');
  return (
    <div className="dc-box-acts">
      {confirm !== undefined && (
        <button
          type={form ? 'submit' : 'button'}
          className="dc-btn dc-primary"
          aria-disabled={!usable}
          onClick={form ? undefined : (event) => run(action(confirm, 'action'), event.currentTarget, 'container')}
        >
          {text(confirm, 'label')}
        </button>
      )}
      {cancel !== undefined && (
        <button
          type="button"
          className="dc-btn"
          aria-disabled={!usable}
          onClick={(event) => run(action(cancel, 'action'), event.currentTarget, 'container')}
        >
          {text(cancel, 'label')}
        </button>
      )}
    </div>
  );
}
