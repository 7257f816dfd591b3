const EDITABLE = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';

/** True when the keys are exactly those of the shortcut (`mod+i`), and the reader is not typing. */
export function matchesShortcut(event: KeyboardEvent, shortcut: string): boolean {
  const names = shortcut.split('+');
  const key = names.pop();
  const mod = /mac|iphone|ipad/i.test(navigator.platform) ? 'meta' : 'ctrl';
  const wants = (name: string) => names.includes(name) || (name === mod && names.includes('mod'));
  return (
    event.key.toLowerCase() === key &&
    event.ctrlKey === wants('ctrl') &&
    event.metaKey === wants('meta') &&
    event.altKey === wants('alt') &&
    event.shiftKey === wants('shift') &&
    !event.isComposing &&
    !isTypingElsewhere(event.target)
  );
}

// In the chat's own fields the shortcut closes: there it has no other meaning.
function isTypingElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(EDITABLE) !== null &&
    target.closest('[data-docs-chat="region"]') === null
  );
}
