import {useEffect, useState} from 'react';
import type {PanelStorage} from './identity.js';
import {EMPTY_DRAFT, namedTags, type Draft, type Entity} from './tags.js';

const KEY = 'draft';
const TAGS_KEY = 'draft-tags';

/** What is being typed, kept over reloads. Text given by the host joins what is there already. */
export function useDraft(
  storage: PanelStorage,
  given: {text: string} | undefined,
): [draft: Draft, setDraft: (draft: Draft) => void] {
  const [draft, setDraft] = useState(() => readDraft(storage));
  const [taken, setTaken] = useState<{text: string} | undefined>(undefined);

  if (given !== undefined && given !== taken) {
    const {text} = draft;
    setTaken(given);
    setDraft({...draft, text: text.trim() === '' || text === given.text ? given.text : `${text.trimEnd()}\n\n${given.text}`});
  }

  useEffect(() => {
    keep(storage, KEY, draft.text);
    const tags = namedTags(draft);
    keep(storage, TAGS_KEY, tags.length === 0 ? '' : JSON.stringify(tags));
  }, [draft, storage]);

  return [draft, setDraft];
}

function keep(storage: PanelStorage, key: string, value: string): void {
  if (value === '') {
    storage.del(key);
  } else {
    storage.set(key, value);
  }
}

function readDraft(storage: PanelStorage): Draft {
  const text = storage.get(KEY);
  return text === null ? EMPTY_DRAFT : {text, tags: readTags(storage.get(TAGS_KEY))};
}

function readTags(kept: string | null): Entity[] {
  try {
    const tags = JSON.parse(kept ?? '[]') as Entity[];
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag?.id === 'string' && typeof tag.title === 'string') : [];
  } catch {
    return [];
  }
}
