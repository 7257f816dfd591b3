import type {ActionConfig, WidgetNode} from '../protocol.js';

/** Deeper trees are no widgets but an attempt on the reader's browser. */
export const MAX_DEPTH = 40;

/** A field of a widget's node that is text (numbers included), or undefined. */
export function text(node: object, name: string): string | undefined {
  const value = (node as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

export function number(node: object, name: string): number | undefined {
  const value = (node as Record<string, unknown>)[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function flag(node: object, name: string): boolean {
  return (node as Record<string, unknown>)[name] === true;
}

/** A field that is an object of its own. */
export function part(node: object, name: string): Record<string, unknown> | undefined {
  const value = (node as Record<string, unknown>)[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

/** A field that is a list of objects; what else is in it is left out. */
export function list(node: object, name: string): WidgetNode[] {
  const value = (node as Record<string, unknown>)[name];
  const all: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return all.filter((one): one is WidgetNode => typeof one === 'object' && one !== null && !Array.isArray(one));
}

export function action(node: object, name: string): ActionConfig | undefined {
  const found = part(node, name);
  return typeof found?.type === 'string' ? (found as ActionConfig) : undefined;
}

/** One of the words that a field may have, the first of them by default. */
export function oneOf<const T extends readonly string[]>(node: object, name: string, words: T): T[number] {
  const value = text(node, name);
  return words.find((word) => word === value) ?? (words[0] as T[number]);
}
