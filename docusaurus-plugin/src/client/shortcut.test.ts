// @vitest-environment happy-dom
import {afterEach, describe, expect, it, vi} from 'vitest';
import {matchesShortcut} from './shortcut.js';

function press(keys: KeyboardEventInit, target: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', {bubbles: true, ...keys});
  target.dispatchEvent(event);
  return event;
}

function add(html: string): Element {
  document.body.innerHTML = html;
  return document.body.querySelector('#target') as Element;
}

afterEach(() => {
  document.body.innerHTML = '';
});

describe('matchesShortcut', () => {
  it('takes mod for Ctrl, and for Cmd on Apple systems', () => {
    vi.spyOn(navigator, 'platform', 'get').mockReturnValue('Linux x86_64');
    expect(matchesShortcut(press({key: 'i', ctrlKey: true}), 'mod+i')).toBe(true);
    expect(matchesShortcut(press({key: 'I', ctrlKey: true}), 'mod+i')).toBe(true);
    expect(matchesShortcut(press({key: 'i', metaKey: true}), 'mod+i')).toBe(false);
    vi.spyOn(navigator, 'platform', 'get').mockReturnValue('MacIntel');
    expect(matchesShortcut(press({key: 'i', metaKey: true}), 'mod+i')).toBe(true);
    expect(matchesShortcut(press({key: 'i', ctrlKey: true}), 'mod+i')).toBe(false);
  });

  it('leaves other keys alone: Ctrl+Shift+I opens the developer tools', () => {
    vi.spyOn(navigator, 'platform', 'get').mockReturnValue('Linux x86_64');
    expect(matchesShortcut(press({key: 'I', ctrlKey: true, shiftKey: true}), 'mod+i')).toBe(false);
    expect(matchesShortcut(press({key: 'i', ctrlKey: true, altKey: true}), 'mod+i')).toBe(false);
    expect(matchesShortcut(press({key: 'i'}), 'mod+i')).toBe(false);
    expect(matchesShortcut(press({key: 'k', ctrlKey: true}), 'mod+i')).toBe(false);
    expect(matchesShortcut(press({key: '/', altKey: true}), 'alt+/')).toBe(true);
  });

  it.each([
    ['<input id="target">', false],
    ['<textarea id="target"></textarea>', false],
    ['<div contenteditable><b id="target">x</b></div>', false],
    ['<div contenteditable="false"><b id="target">x</b></div>', true],
    ['<button id="target">x</button>', true],
    ['<section data-docs-chat="region"><textarea id="target"></textarea></section>', true],
  ])('where the reader types it is no shortcut, but in the chat: %s', (html, matches) => {
    vi.spyOn(navigator, 'platform', 'get').mockReturnValue('Linux x86_64');
    expect(matchesShortcut(press({key: 'i', ctrlKey: true}, add(html)), 'mod+i')).toBe(matches);
  });

  it('ignores keys that compose a character', () => {
    vi.spyOn(navigator, 'platform', 'get').mockReturnValue('Linux x86_64');
    const event = press({key: 'i', ctrlKey: true, isComposing: true});
    expect(matchesShortcut(event, 'mod+i')).toBe(false);
  });
});
