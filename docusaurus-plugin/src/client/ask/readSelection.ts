const EDITABLE =
  'input, textarea, select, [contenteditable]:not([contenteditable="false"]), [role="textbox"], .cm-editor, .monaco-editor';
const MIN_CHARS = 3;

export type Selected = {text: string; range: Range};

/** What the reader selected in the text of a page: not in a field, nor in a code editor. */
export function readSelection(): Selected | undefined {
  const selection = getSelection();
  if (!selection || selection.type !== 'Range' || document.activeElement?.matches(EDITABLE)) {
    return undefined;
  }
  const text = selection.toString().trim();
  // Of its own: the selection's range changes with it.
  const range = selection.getRangeAt(0).cloneRange();
  const ends = [range.startContainer, range.endContainer].map(toElement);
  const inText = ends.every((end) => end?.closest('article') && !end.closest(EDITABLE));
  return inText && text.length >= MIN_CHARS ? {text, range} : undefined;
}

function toElement(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement;
}
