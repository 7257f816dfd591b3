const NAMES: Record<string, string> = {
  ctrl: 'Control',
  meta: 'Meta',
  alt: 'Alt',
  shift: 'Shift',
};

/** The value of `aria-keyshortcuts` for `mod+i`: pages are rendered before the platform is known. */
export function toAriaKeyshortcuts(shortcut: string): string {
  const spell = (mod: string) =>
    shortcut
      .split('+')
      .map((name) => (name === 'mod' ? mod : (NAMES[name] ?? name.toUpperCase())))
      .join('+');
  return shortcut.includes('mod') ? `${spell('Control')} ${spell('Meta')}` : spell('');
}
