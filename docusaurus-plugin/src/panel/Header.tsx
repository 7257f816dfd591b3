import type {ReactNode, Ref} from 'react';
import {usePanel} from './context.js';
import {IconButton} from './IconButton.js';
import {CloseIcon, HistoryIcon, PlusIcon} from './icons.js';

export function Header({
  title,
  scopeLabel,
  historyOpen,
  historyButton,
  onNew,
  onHistory,
  onClose,
}: {
  title: string;
  scopeLabel: string | undefined;
  historyOpen: boolean;
  historyButton: Ref<HTMLButtonElement>;
  onNew: () => void;
  onHistory: () => void;
  onClose: () => void;
}): ReactNode {
  const {strings} = usePanel();
  return (
    <header className="dc-head">
      <h2>{title}</h2>
      {scopeLabel !== undefined && (
        <span className="dc-scope" role="note" aria-label={strings.scope(scopeLabel)} title={strings.scope(scopeLabel)}>
          {scopeLabel}
        </span>
      )}
      <div className="dc-head-acts">
        <IconButton label={strings.newChat} onClick={onNew}>
          <PlusIcon />
        </IconButton>
        <IconButton label={strings.history} expanded={historyOpen} buttonRef={historyButton} onClick={onHistory}>
          <HistoryIcon />
        </IconButton>
        <IconButton label={strings.close} onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </div>
    </header>
  );
}
