import type {CSSProperties} from 'react';
import {flag, number, part, text} from './fields.js';

/** What a node asks for of its looks, as far as that is safe: no addresses, no positions, nothing over the page. */
export function boxStyle(node: object): CSSProperties {
  const size = length(node, 'size');
  const [min, max] = [length(node, 'minSize'), length(node, 'maxSize')];
  return {
    ...spacing(node, 'padding'),
    ...spacing(node, 'margin'),
    ...borders(node),
    gap: unit(node, 'gap'),
    alignItems: ALIGN[text(node, 'align') ?? ''],
    justifyContent: JUSTIFY[text(node, 'justify') ?? ''],
    flexWrap: pick(text(node, 'wrap'), ['nowrap', 'wrap', 'wrap-reverse']),
    flex: number(node, 'flex') ?? pattern(text(node, 'flex'), /^[\d.]+( [\d.]+( ([\d.]+(px|%)?|auto))?)?$/),
    inlineSize: length(node, 'width') ?? size,
    blockSize: length(node, 'height') ?? size,
    minInlineSize: length(node, 'minWidth') ?? min,
    minBlockSize: length(node, 'minHeight') ?? min,
    maxInlineSize: length(node, 'maxWidth') ?? max,
    maxBlockSize: length(node, 'maxHeight') ?? max,
    aspectRatio: pattern(text(node, 'aspectRatio'), /^[\d.]+( ?\/ ?[\d.]+)?$/),
    borderRadius: RADIUS[text(node, 'radius') ?? ''],
    background: color(node, 'background', SURFACES),
  };
}

/** The looks of a node that is words. */
export function textStyle(node: object): CSSProperties {
  const lines = number(node, 'maxLines');
  const clamp: CSSProperties = {display: '-webkit-box', WebkitBoxOrient: 'vertical', WebkitLineClamp: lines, overflow: 'hidden'};
  const cut: CSSProperties = {whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis'};
  return {
    color: color(node, 'color', TEXTS),
    fontWeight: WEIGHT[text(node, 'weight') ?? ''],
    textAlign: pick(text(node, 'textAlign'), ['start', 'center', 'end']) as CSSProperties['textAlign'],
    fontStyle: flag(node, 'italic') ? 'italic' : undefined,
    textDecoration: flag(node, 'lineThrough') ? 'line-through' : undefined,
    inlineSize: length(node, 'width'),
    minBlockSize: number(node, 'minLines') === undefined ? undefined : `${number(node, 'minLines')}lh`,
    ...(lines !== undefined ? clamp : flag(node, 'truncate') ? cut : {}),
  };
}

/** A colour by the protocol's names, of Infima, or as CSS writes it; for light and dark where there are two. */
export function color(node: object, name: string, names: Readonly<Record<string, string>> = TEXTS): string | undefined {
  const pair = part(node, name);
  if (pair !== undefined) {
    const [light, dark] = [color(pair, 'light', names), color(pair, 'dark', names)];
    return light !== undefined && dark !== undefined ? `light-dark(${light}, ${dark})` : undefined;
  }
  const value = text(node, name)?.trim();
  if (value === undefined) {
    return undefined;
  }
  const hue = /^(red|orange|yellow|green|blue|purple|pink|gray)-(\d{1,4})$/.exec(value);
  if (hue !== null) {
    // A weak shade is a surface, a strong one is ink.
    const share = Math.min(100, 6 + Number(hue[2]) / 9);
    return `color-mix(in srgb, ${hue[1]} ${share.toFixed(0)}%, var(--dc-surface))`;
  }
  return Object.hasOwn(names, value)
    ? names[value]
    : pattern(value, /^(#[\da-f]{3,8}|[a-z]{3,24}|(rgb|hsl|hwb|lab|lch|oklab|oklch)a?\([\d\s.,%/a-z-]*\))$/i);
}

export const TEXTS: Readonly<Record<string, string>> = {
  prose: 'var(--dc-text)',
  primary: 'var(--dc-text)',
  emphasis: 'var(--dc-strong)',
  secondary: 'var(--dc-soft)',
  tertiary: 'var(--dc-faint)',
  success: 'var(--dc-success)',
  warning: 'var(--dc-caution)',
  danger: 'var(--dc-danger)',
};
const SURFACES: Readonly<Record<string, string>> = {
  surface: 'var(--dc-surface)',
  'surface-secondary': 'var(--dc-fill)',
  'surface-tertiary': 'var(--dc-line)',
  'surface-elevated': 'var(--dc-surface)',
  'surface-elevated-secondary': 'var(--dc-fill)',
};
export const LINES: Readonly<Record<string, string>> = {
  default: 'var(--dc-border)',
  subtle: 'var(--dc-line)',
  strong: 'var(--dc-faint)',
};
const WEIGHT: Readonly<Record<string, number>> = {normal: 400, medium: 500, semibold: 600, bold: 700};
const ALIGN: Readonly<Record<string, string>> = {
  start: 'flex-start',
  center: 'center',
  end: 'flex-end',
  baseline: 'baseline',
  stretch: 'stretch',
};
const JUSTIFY: Readonly<Record<string, string>> = {
  ...ALIGN,
  between: 'space-between',
  around: 'space-around',
  evenly: 'space-evenly',
};
const RADIUS: Readonly<Record<string, string>> = {
  none: '0',
  '2xs': '2px',
  xs: '4px',
  sm: '6px',
  md: '8px',
  lg: '10px',
  xl: '12px',
  '2xl': '16px',
  '3xl': '20px',
  '4xl': '24px',
  full: '9999px',
  '100%': '100%',
};
/** The protocol's unit of spacing. */
const UNIT_PX = 4;

function length(node: object, name: string): string | undefined {
  const value = number(node, name);
  return value === undefined ? css(text(node, name)) : `${value}px`;
}

function unit(node: object, name: string): string | undefined {
  const value = number(node, name);
  return value === undefined ? css(text(node, name)) : `${value * UNIT_PX}px`;
}

function css(value: string | undefined): string | undefined {
  return pattern(value, /^(\d[\d.]*(px|rem|em|%|ch|lh|vw|vh)?|auto|(min|max|fit)-content)$/);
}

function spacing(node: object, name: 'padding' | 'margin'): CSSProperties {
  const sides = part(node, name);
  if (sides === undefined) {
    return {[name]: unit(node, name)};
  }
  const [x, y] = [unit(sides, 'x'), unit(sides, 'y')];
  return {
    [`${name}Block`]: y,
    [`${name}Inline`]: x,
    [`${name}Top`]: unit(sides, 'top') ?? y,
    [`${name}Bottom`]: unit(sides, 'bottom') ?? y,
    [`${name}Left`]: unit(sides, 'left') ?? x,
    [`${name}Right`]: unit(sides, 'right') ?? x,
  };
}

function borders(node: object): CSSProperties {
  const sides = part(node, 'border');
  if (sides === undefined || 'size' in sides) {
    return {border: border(node, 'border')};
  }
  const [x, y] = [border(sides, 'x'), border(sides, 'y')];
  return {
    borderTop: border(sides, 'top') ?? y,
    borderBottom: border(sides, 'bottom') ?? y,
    borderLeft: border(sides, 'left') ?? x,
    borderRight: border(sides, 'right') ?? x,
  };
}

function border(node: object, name: string): string | undefined {
  const whole = part(node, name);
  const size = whole === undefined ? number(node, name) : number(whole, 'size');
  if (size === undefined) {
    return undefined;
  }
  const style = pick(whole && text(whole, 'style'), ['solid', 'dashed', 'dotted', 'double', 'groove', 'ridge', 'inset', 'outset']);
  return `${size}px ${style ?? 'solid'} ${(whole && color(whole, 'color', LINES)) ?? 'var(--dc-border)'}`;
}

function pick(value: string | undefined, allowed: readonly string[]): string | undefined {
  return value !== undefined && allowed.includes(value) ? value : undefined;
}

function pattern(value: string | undefined, allowed: RegExp): string | undefined {
  return value !== undefined && allowed.test(value) ? value : undefined;
}
