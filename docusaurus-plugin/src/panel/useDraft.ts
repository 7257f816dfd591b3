import {useCallback, useEffect, useState} from 'react';
import type {PanelStorage} from './identity.js';

const KEY = 'draft';

/** What is being typed, kept over reloads. Text given by the host joins what is there already. */
export function useDraft(
  storage: PanelStorage,
  given: {text: string} | undefined,
): [draft: string, setDraft: (text: string) => void] {
  const [draft, setText] = useState(() => storage.get(KEY) ?? '');
  const [taken, setTaken] = useState<{text: string} | undefined>(undefined);

  if (given !== undefined && given !== taken) {
    setTaken(given);
    setText(draft.trim() === '' || draft === given.text ? given.text : `${draft.trimEnd()}\n\n${given.text}`);
  }

  useEffect(() => {
    if (draft === '') {
      storage.del(KEY);
    } else {
      storage.set(KEY, draft);
    }
  }, [draft, storage]);

  return [draft, useCallback((text: string) => setText(text), [])];
}
