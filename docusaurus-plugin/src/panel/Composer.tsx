import {useLayoutEffect, type ReactNode, type RefObject} from 'react';
import {usePanel} from './context.js';
import {SendIcon, StopIcon} from './icons.js';

function fitHeight(element: HTMLElement): void {
  element.style.height = 'auto';
  // Hidden elements have no height: leave those to their one row.
  element.style.height = element.scrollHeight > 0 ? `${element.scrollHeight}px` : '';
}

/** The question field with its one button: send, or stop while an answer is on its way. */
export function Composer({
  value,
  onChange,
  onSend,
  onStop,
  busy,
  canStop,
  blocked,
  placeholder,
  disclaimer,
  input,
}: {
  value: string;
  onChange: (value: string) => void;
  onSend: () => void;
  onStop: () => void;
  busy: boolean;
  canStop: boolean;
  /** Nothing can be sent now: no network, or over the limit. */
  blocked: boolean;
  placeholder: string;
  disclaimer: string | undefined;
  input: RefObject<HTMLTextAreaElement | null>;
}): ReactNode {
  const {strings} = usePanel();
  const ready = value.trim() !== '' && !blocked;
  const enabled = busy ? canStop : ready;

  useLayoutEffect(() => {
    if (input.current !== null) {
      fitHeight(input.current);
    }
  }, [input, value]);

  const act = () => {
    if (busy && canStop) {
      onStop();
    } else if (!busy && ready) {
      onSend();
    }
  };

  return (
    <form
      className="dc-foot"
      onSubmit={(event) => {
        event.preventDefault();
        act();
      }}
    >
      <div className="dc-field" onClick={() => input.current?.focus()}>
        <textarea
          ref={input}
          data-docs-chat="composer"
          rows={1}
          dir="auto"
          value={value}
          placeholder={placeholder}
          aria-label={strings.composer}
          enterKeyHint="send"
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            // While an input method composes, Enter takes its suggestion (229: Safari says so too late).
            const composing = event.nativeEvent.isComposing || event.keyCode === 229;
            if (event.key === 'Enter' && !event.shiftKey && !composing) {
              event.preventDefault();
              if (!busy) {
                act();
              }
            }
          }}
        />
        {/* One button throughout, and never disabled: neither change takes the focus away. */}
        <button
          type="submit"
          className="dc-send"
          aria-disabled={!enabled}
          aria-label={busy ? strings.stop : strings.send}
          title={busy ? strings.stop : strings.send}
          onClick={(event) => event.stopPropagation()}
        >
          {busy ? <StopIcon /> : <SendIcon />}
        </button>
      </div>
      {disclaimer !== undefined && <p className="dc-fine">{disclaimer}</p>}
    </form>
  );
}
