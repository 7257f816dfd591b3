import {useEffect, useState, type ReactNode} from 'react';
import {usePanel} from './context.js';
import {CheckIcon, CopyIcon} from './icons.js';

const SHOWN_MS = 2000;

/** Copies the text and says so for a moment. */
export function CopyButton({text, label}: {text: () => string; label: string}): ReactNode {
  const {strings} = usePanel();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) {
      return undefined;
    }
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const name = copied ? strings.copied : label;
  return (
    <button
      type="button"
      className="dc-ib"
      aria-label={name}
      title={name}
      onClick={() => {
        // Refused without permission or on plain http: then the button stays as it is.
        navigator.clipboard?.writeText(text()).then(
          () => setCopied(true),
          () => undefined,
        );
      }}
    >
      {copied ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}
