import {useId, useState, type ReactNode} from 'react';
import {usePanel} from './context.js';
import type {Inquiry, ItemOf} from './protocol.js';
import type {Submission} from './requests.js';

/** What the reader has given so far: chosen options, and words of their own. */
type Draft = {chosen: readonly string[]; own: string};
const EMPTY: Draft = {chosen: [], own: ''};

/** Questions of the server: a form while they are open, what was answered afterwards. */
export function StructuredInput({
  item: {inputs, status},
  usable,
  onSubmit,
}: {
  item: ItemOf<'structured_input'>;
  usable: boolean;
  onSubmit: (input: Submission) => void;
}): ReactNode {
  const {strings} = usePanel();
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>({});
  const answers = Object.fromEntries(inputs.map(({id}) => [id, toAnswer(drafts[id] ?? EMPTY)]));
  const some = Object.values(answers).some(({skipped}) => !skipped);
  if (status !== 'pending') {
    return <Answered inputs={inputs} />;
  }
  return (
    <form
      className="dc-form dc-ask"
      data-docs-chat="structured-input"
      onSubmit={(event) => {
        event.preventDefault();
        if (usable && some) {
          onSubmit({status: 'answered', answers});
        }
      }}
    >
      {inputs.map((inquiry) => (
        <InquiryField
          key={inquiry.id}
          inquiry={inquiry}
          draft={drafts[inquiry.id] ?? EMPTY}
          disabled={!usable}
          onChange={(draft) => setDrafts((old) => ({...old, [inquiry.id]: draft}))}
        />
      ))}
      <div className="dc-box-acts">
        <button type="submit" className="dc-btn dc-primary" aria-disabled={!usable || !some}>
          {strings.inquiry.submit}
        </button>
        <button
          type="button"
          className="dc-btn"
          aria-disabled={!usable}
          onClick={() => {
            if (usable) {
              onSubmit({
                status: 'skipped',
                answers: Object.fromEntries(inputs.map(({id}) => [id, {values: [], skipped: true}])),
              });
            }
          }}
        >
          {strings.inquiry.skip}
        </button>
      </div>
    </form>
  );
}

function toAnswer({chosen, own}: Draft): {values: string[]; skipped: boolean} {
  const values = own.trim() === '' ? [...chosen] : [...chosen, own.trim()];
  return {values, skipped: values.length === 0};
}

function InquiryField({
  inquiry,
  draft,
  disabled,
  onChange,
}: {
  inquiry: Inquiry;
  draft: Draft;
  disabled: boolean;
  onChange: (draft: Draft) => void;
}): ReactNode {
  const {strings} = usePanel();
  const id = useId();
  const {chosen, own} = draft;
  if (inquiry.type === 'freeform') {
    return (
      <div className="dc-inquiry">
        <label htmlFor={id}>{inquiry.question}</label>
        {inquiry.description !== undefined && <p id={`${id}d`}>{inquiry.description}</p>}
        <textarea
          id={id}
          rows={2}
          dir="auto"
          disabled={disabled}
          value={own}
          {...(inquiry.description === undefined ? {} : {'aria-describedby': `${id}d`})}
          onChange={(event) => onChange({chosen, own: event.target.value})}
        />
      </div>
    );
  }
  const multiple = inquiry.multiple === true;
  const choose = (value: string, on: boolean) => {
    if (multiple) {
      onChange({own, chosen: on ? [...chosen, value] : chosen.filter((other) => other !== value)});
    } else {
      // One answer: an option or the reader's own words.
      onChange({own: '', chosen: [value]});
    }
  };
  return (
    <fieldset className="dc-inquiry" disabled={disabled}>
      <legend>{inquiry.question}</legend>
      {inquiry.options.map(({value}) => (
        <label key={value} className="dc-option">
          <input
            type={multiple ? 'checkbox' : 'radio'}
            name={id}
            checked={chosen.includes(value)}
            onChange={(event) => choose(value, event.target.checked)}
          />
          <span dir="auto">{value}</span>
        </label>
      ))}
      <input
        type="text"
        dir="auto"
        value={own}
        placeholder={strings.inquiry.other}
        aria-label={`${inquiry.question} ${strings.inquiry.other}`}
        onChange={(event) => onChange({own: event.target.value, chosen: multiple ? chosen : []})}
      />
    </fieldset>
  );
}

function Answered({inputs}: {inputs: readonly Inquiry[]}): ReactNode {
  const {strings} = usePanel();
  return (
    <dl className="dc-answered" data-docs-chat="structured-input">
      {inputs.map(({id, question, answer}) => {
        const values = answer !== undefined && Array.isArray(answer.values) ? answer.values.map(String) : [];
        return (
          <div key={id}>
            <dt>{question}</dt>
            <dd>{values.length === 0 ? <i>{strings.inquiry.skipped}</i> : values.join(', ')}</dd>
          </div>
        );
      })}
    </dl>
  );
}
