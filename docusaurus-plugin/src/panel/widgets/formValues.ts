import type {ActionConfig} from '../protocol.js';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/**
 * An action with what its form holds, by the names of the fields ("todo.title" is `{todo: {title}}`). What the
 * action has of its own wins.
 */
export function withValues(action: ActionConfig, source: Element | null): ActionConfig {
  const form = source instanceof HTMLFormElement ? source : (source?.closest('form') ?? null);
  const fields = form === null ? (isField(source) ? [source] : []) : [...form.elements].filter(isField);
  const values = readFields(fields.filter(({name}) => name !== ''));
  if (Object.keys(values).length === 0) {
    return action;
  }
  const own = typeof action.payload === 'object' && action.payload !== null ? action.payload : {};
  return {...action, payload: {...values, ...own}};
}

function readFields(fields: readonly Field[]): Record<string, unknown> {
  const values = empty();
  for (const field of fields) {
    const value = readField(field);
    if (value !== undefined) {
      put(values, field.name.split('.'), value);
    }
  }
  return values;
}

function readField(field: Field): string | boolean | undefined {
  if (field.type === 'checkbox') {
    return (field as HTMLInputElement).checked;
  }
  if (field.type === 'radio') {
    return (field as HTMLInputElement).checked ? field.value : undefined;
  }
  return field.value;
}

function put(values: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    values[name] = value;
    return;
  }
  const inner = values[name];
  const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : empty();
  values[name] = next;
  put(next, rest, value);
}

/** Without a prototype: a field may be named as it likes. */
function empty(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

function isField(element: Element | null): element is Field {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}
