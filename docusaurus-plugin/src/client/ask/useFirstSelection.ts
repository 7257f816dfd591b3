import {useEffect, useState} from 'react';

/** True from the first time on that the reader selects text in an article: what it needs is loaded then. */
export function useFirstSelection(wanted: boolean): boolean {
  const [selected, setSelected] = useState(false);
  useEffect(() => {
    if (!wanted || selected) {
      return undefined;
    }
    const look = () => {
      const selection = getSelection();
      setSelected(!selection?.isCollapsed && !!selection?.anchorNode?.parentElement?.closest('article'));
    };
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, [wanted, selected]);
  return selected;
}
