import type {ReactNode} from 'react';

type HeadProps = {title: string; close: string; onClose: () => void};

/** The header of what has none of its own: consent, and a face on its way. */
export function Head({title, close, onClose}: HeadProps): ReactNode {
  return (
    <header className="docs-chat-head">
      <strong>{title}</strong>
      <button type="button" className="docs-chat-icon" aria-label={close} onClick={onClose}>
        <CloseIcon />
      </button>
    </header>
  );
}

export function Loading({text, ...head}: HeadProps & {text: string}): ReactNode {
  return (
    <>
      <Head {...head} />
      <p className="docs-chat-note" role="status">
        {text}
      </p>
    </>
  );
}

export function CloseIcon(): ReactNode {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M6 6l12 12M18 6L6 18" />
    </svg>
  );
}
