import {expect, it} from 'vitest';
import {toAriaKeyshortcuts} from './ariaKeyshortcuts';

it.each([
  ['mod+i', 'Control+I Meta+I'],
  ['alt+/', 'Alt+/'],
  ['ctrl+shift+k', 'Control+Shift+K'],
])('%s is told to assistive technology as %s', (shortcut, text) => {
  expect(toAriaKeyshortcuts(shortcut)).toBe(text);
});
