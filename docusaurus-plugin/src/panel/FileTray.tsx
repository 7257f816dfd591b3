import type {ReactNode} from 'react';
import {usePanel} from './context.js';
import {CloseIcon, FileIcon} from './icons.js';
import {MAX_BYTES, MAX_FILES, type FileOptions, type Files, type PickedFile} from './useFiles.js';

/** The files of the question that is being typed. */
export default function FileTray({files: {files, remove}, options}: {files: Files; options: FileOptions}): ReactNode {
  const {strings} = usePanel();
  const {maxSize = MAX_BYTES, maxCount = MAX_FILES} = options;
  const say: Record<PickedFile['state'], string | undefined> = {
    ready: undefined,
    sending: strings.files.sending,
    failed: strings.files.failed,
    too_large: strings.files.tooLarge(toSize(maxSize)),
    too_many: strings.files.tooMany(maxCount),
  };
  return (
    <ul className="dc-picked" aria-label={strings.files.list} aria-live="polite">
      {files.map(({key, name, state, reason}) => (
        <li key={key} className={state === 'ready' || state === 'sending' ? 'dc-pick' : 'dc-pick dc-warn'} aria-busy={state === 'sending'}>
          <FileIcon />
          <bdi>{name}</bdi>
          {say[state] !== undefined && <small>{reason === undefined ? say[state] : `${say[state]}: ${reason}`}</small>}
          <button type="button" aria-label={strings.files.remove(name)} title={strings.files.remove(name)} onClick={() => remove(key)}>
            <CloseIcon />
          </button>
        </li>
      ))}
    </ul>
  );
}

const UNITS = ['B', 'kB', 'MB', 'GB'];

function toSize(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  return `${(bytes / 1024 ** power).toLocaleString(undefined, {maximumFractionDigits: 1})} ${UNITS[power]}`;
}
