import {useEffect, useRef, useState, type ReactNode} from 'react';
import {usePanel} from './context.js';
import {useExtraStyles} from './extraStyles.js';
import {scrollWithin} from './scrollWithin.js';

const REASONS = ['wrong', 'missing', 'off_topic', 'unsupported'] as const;

/** With what the server adds in front of it, it stays under the server's own limit. */
const MAX_TEXT = 450;

/** Asks what was not helpful. Everything in it is optional: the verdict is given already. */
export default function FeedbackForm({
  onSend,
  onClose,
}: {
  /** `wrong`, `wrong: in the reader's words`, or those words alone. */
  onSend: (reason: string) => void;
  onClose: () => void;
}): ReactNode {
  const {strings} = usePanel();
  const [chosen, setChosen] = useState<(typeof REASONS)[number] | null>(null);
  const [text, setText] = useState('');
  const [sent, setSent] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const thanks = useRef<HTMLParagraphElement>(null);
  useExtraStyles();

  useEffect(() => scrollWithin(form.current?.closest('.dc-talk'), form.current), []);
  // The button that was pressed is gone.
  useEffect(() => thanks.current?.focus(), [sent]);

  if (sent) {
    return (
      <p ref={thanks} className="dc-note" role="status" tabIndex={-1}>
        {strings.feedback.thanks}
      </p>
    );
  }
  const words = text.trim();
  const reason = [chosen ?? '', words].filter((part) => part !== '').join(': ');
  return (
    <form
      ref={form}
      className="dc-form dc-feedback"
      data-docs-chat="feedback"
      aria-label={strings.feedback.title}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason !== '') {
          onSend(reason);
          setSent(true);
        }
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <fieldset>
        <legend>{strings.feedback.title}</legend>
        <div className="dc-chips">
          {REASONS.map((name) => (
            <label key={name} className="dc-chip">
              <input type="radio" name="reason" checked={chosen === name} onChange={() => setChosen(name)} />
              {strings.feedback.reasons[name]}
            </label>
          ))}
        </div>
      </fieldset>
      <textarea
        rows={2}
        maxLength={MAX_TEXT}
        dir="auto"
        value={text}
        placeholder={strings.feedback.text}
        aria-label={strings.feedback.text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="dc-box-acts">
        <button type="submit" className="dc-btn dc-primary" aria-disabled={reason === ''}>
          {strings.feedback.send}
        </button>
        <button type="button" className="dc-btn" onClick={onClose}>
          {strings.feedback.skip}
        </button>
      </div>
    </form>
  );
}
