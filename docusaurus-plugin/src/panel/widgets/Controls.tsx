import {useId, type ReactNode} from 'react';
import {usePanel} from '../context.js';
import type {WidgetNode} from '../protocol.js';
import {boxStyle} from './boxStyle.js';
import {action, flag, list, number, oneOf, text} from './fields.js';
import {useWidget} from './Widget.js';
import {WidgetIcon} from './WidgetIcon.js';

type Props = {node: WidgetNode};

export function ActionButton({node}: Props): ReactNode {
  const {run, usable, running} = useWidget();
  const id = useId();
  const onClick = action(node, 'onClickAction');
  const label = text(node, 'label');
  const icons = [text(node, 'iconStart'), text(node, 'iconEnd')] as const;
  const primary = text(node, 'style') === 'primary' || (text(node, 'color') === 'primary' && text(node, 'variant') !== 'ghost');
  const danger = text(node, 'color') === 'danger';
  const waits = onClick?.handler === 'client' || onClick?.streaming === false;
  const classes = ['dc-btn', primary && 'dc-primary', danger && 'dc-danger', flag(node, 'block') && 'dc-w-block', flag(node, 'pill') && 'dc-w-pill'];
  return (
    <button
      id={id}
      type={flag(node, 'submit') ? 'submit' : 'button'}
      className={classes.filter(Boolean).join(' ')}
      disabled={flag(node, 'disabled')}
      aria-disabled={!usable && !waits}
      aria-busy={running !== null && running.id === id}
      // An icon alone needs a name: that of the icon is better than none.
      {...(label === undefined ? {'aria-label': icons[0] ?? icons[1]} : {})}
      onClick={onClick === undefined ? undefined : (event) => run(onClick, event.currentTarget)}
    >
      {icons[0] !== undefined && <WidgetIcon name={icons[0]} size="sm" color={undefined} />}
      {label}
      {icons[1] !== undefined && <WidgetIcon name={icons[1]} size="sm" color={undefined} />}
    </button>
  );
}

/** What every field has: a name, and an id for its label. */
function useField(node: WidgetNode): {id: string; name: string; disabled: boolean; required: boolean} {
  const id = useId();
  return {id, name: text(node, 'name') ?? '', disabled: flag(node, 'disabled'), required: flag(node, 'required')};
}

/** The name of a field that no label stands for. */
function nameOf(node: WidgetNode): string | undefined {
  return text(node, 'ariaLabel') ?? text(node, 'placeholder') ?? text(node, 'name');
}

export function TextField({node}: Props): ReactNode {
  const field = useField(node);
  const shared = {
    ...field,
    className: 'dc-w-field',
    dir: 'auto',
    defaultValue: text(node, 'defaultValue'),
    placeholder: text(node, 'placeholder'),
    title: nameOf(node),
    // The panel's own fields keep the focus: a widget that comes later does not take it away.
    autoComplete: flag(node, 'allowAutofillExtensions') ? 'on' : 'off',
  };
  if (node.type === 'Textarea') {
    return <textarea {...shared} rows={Math.min(20, number(node, 'rows') ?? 3)} />;
  }
  const type = oneOf(node, 'inputType', ['text', 'number', 'email', 'password', 'tel', 'url']);
  return <input {...shared} type={type} pattern={text(node, 'pattern')} />;
}

export function SelectField({node}: Props): ReactNode {
  const {run} = useWidget();
  const {strings} = usePanel();
  const field = useField(node);
  const placeholder = text(node, 'placeholder');
  const chosen = text(node, 'defaultValue') ?? '';
  return (
    <select
      {...field}
      className="dc-w-field"
      title={nameOf(node)}
      defaultValue={chosen}
      onChange={(event) => run(action(node, 'onChangeAction'), event.currentTarget, 'none')}
    >
      {(placeholder !== undefined || chosen === '' || flag(node, 'clearable')) && <option value="">{placeholder ?? strings.widget.choose}</option>}
      {list(node, 'options').map((option, at) => (
        <option key={at} value={text(option, 'value') ?? ''} disabled={flag(option, 'disabled')}>
          {text(option, 'label') ?? text(option, 'value')}
        </option>
      ))}
    </select>
  );
}

export function DateField({node}: Props): ReactNode {
  const {run} = useWidget();
  const field = useField(node);
  const day = (name: string) => /^\d{4}-\d\d-\d\d/.exec(text(node, name) ?? '')?.[0];
  return (
    <input
      {...field}
      type="date"
      className="dc-w-field"
      title={nameOf(node)}
      defaultValue={day('defaultValue')}
      min={day('min')}
      max={day('max')}
      onChange={(event) => run(action(node, 'onChangeAction'), event.currentTarget, 'none')}
    />
  );
}

export function CheckboxField({node}: Props): ReactNode {
  const {run} = useWidget();
  const field = useField(node);
  const label = text(node, 'label');
  return (
    <label className="dc-option">
      <input
        {...field}
        type="checkbox"
        defaultChecked={flag(node, 'defaultChecked') || text(node, 'defaultChecked') === 'true'}
        {...(label === undefined ? {'aria-label': field.name} : {})}
        onChange={(event) => run(action(node, 'onChangeAction'), event.currentTarget, 'none')}
      />
      {label !== undefined && <span>{label}</span>}
    </label>
  );
}

export function RadioField({node}: Props): ReactNode {
  const {run} = useWidget();
  const {id, name, disabled, required} = useField(node);
  return (
    <fieldset className={text(node, 'direction') === 'row' ? 'dc-w-row' : 'dc-w-col'} disabled={disabled} style={boxStyle({gap: 1})} aria-label={nameOf(node)}>
      {list(node, 'options').map((option, at) => (
        <label key={at} className="dc-option">
          <input
            type="radio"
            id={`${id}${at}`}
            name={name}
            value={text(option, 'value') ?? ''}
            required={required}
            disabled={flag(option, 'disabled')}
            defaultChecked={text(option, 'value') === text(node, 'defaultValue')}
            onChange={(event) => run(action(node, 'onChangeAction'), event.currentTarget, 'none')}
          />
          <span>{text(option, 'label')}</span>
        </label>
      ))}
    </fieldset>
  );
}
