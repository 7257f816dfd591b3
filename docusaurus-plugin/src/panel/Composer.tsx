import {lazy, Suspense, useLayoutEffect, useRef, type ReactNode, type RefObject} from 'react';
import {usePanel} from './context.js';
import {ClipIcon, CloseIcon, SendIcon, StopIcon} from './icons.js';
import {optionId, TagList} from './TagList.js';
import {namedTags, removeTag, type Draft} from './tags.js';
import type {FileOptions, Files} from './useFiles.js';
import {useTagMenu, type TagSearch} from './useTagMenu.js';

const FileTray = lazy(() => import('./FileTray.js').catch(() => ({default: () => null})));

function fitHeight(element: HTMLElement): void {
  element.style.height = 'auto';
  // Hidden elements have no height: leave those to their one row.
  element.style.height = element.scrollHeight > 0 ? `${element.scrollHeight}px` : '';
}

/** The question field with its one button: send, or stop while an answer is on its way. */
export function Composer({
  draft,
  onChange,
  onSend,
  onStop,
  busy,
  canStop,
  blocked,
  placeholder,
  disclaimer,
  input,
  onTagSearch,
  files,
  fileOptions,
}: {
  draft: Draft;
  onChange: (draft: Draft) => void;
  onSend: () => void;
  onStop: () => void;
  busy: boolean;
  canStop: boolean;
  /** Nothing can be sent now: no network, or over the limit. */
  blocked: boolean;
  placeholder: string;
  disclaimer: string | undefined;
  input: RefObject<HTMLTextAreaElement | null>;
  /** Finds what an @ can name. Absent: nothing. */
  onTagSearch: TagSearch | undefined;
  files: Files;
  /** Absent: this server takes no files. */
  fileOptions: FileOptions | undefined;
}): ReactNode {
  const {strings} = usePanel();
  const ready = draft.text.trim() !== '' && !blocked && !files.sending;
  const enabled = busy ? canStop : ready;
  const menu = useTagMenu(onTagSearch, draft, onChange, input);
  const tags = namedTags(draft);

  useLayoutEffect(() => {
    if (input.current !== null) {
      fitHeight(input.current);
    }
  }, [input, draft.text]);

  const act = () => {
    if (busy && canStop) {
      onStop();
    } else if (!busy && ready) {
      onSend();
    }
  };
  const choosing = menu.entities !== null && menu.entities.length > 0;

  return (
    <form
      className="dc-foot"
      onSubmit={(event) => {
        event.preventDefault();
        act();
      }}
    >
      <TagList menu={menu} />
      <div className="dc-field" onClick={() => input.current?.focus()}>
        {tags.length > 0 && (
          <ul className="dc-picked" aria-label={strings.tags.chosen}>
            {tags.map((tag) => (
              <li key={tag.id} className="dc-pick">
                <bdi>{tag.title}</bdi>
                <button
                  type="button"
                  aria-label={strings.tags.remove(tag.title)}
                  title={strings.tags.remove(tag.title)}
                  onClick={() => onChange(removeTag(draft, tag))}
                >
                  <CloseIcon />
                </button>
              </li>
            ))}
          </ul>
        )}
        {fileOptions !== undefined && files.files.length > 0 && (
          <Suspense fallback={null}>
            <FileTray files={files} options={fileOptions} />
          </Suspense>
        )}
        <div className="dc-write">
          {fileOptions !== undefined && <FileButton options={fileOptions} onPick={files.add} />}
          <textarea
            ref={input}
            data-docs-chat="composer"
            rows={1}
            dir="auto"
            value={draft.text}
            placeholder={placeholder}
            aria-label={strings.composer}
            enterKeyHint="send"
            {...(onTagSearch !== undefined && {'aria-autocomplete': 'list', 'aria-haspopup': 'listbox'})}
            {...(choosing && {'aria-controls': menu.id, 'aria-activedescendant': optionId(menu.id, menu.active)})}
            onChange={(event) => {
              onChange({...draft, text: event.target.value});
              menu.look();
            }}
            onSelect={menu.look}
            onBlur={menu.close}
            onKeyDown={(event) => {
              // While an input method composes, Enter takes its suggestion (229: Safari says so too late).
              const composing = event.nativeEvent.isComposing || event.keyCode === 229;
              if (composing || menu.onKeyDown(event)) {
                return;
              }
              if (event.key === 'Enter' && !event.shiftKey) {
                event.preventDefault();
                if (!busy) {
                  act();
                }
              }
            }}
          />
          {/* One button throughout, and never disabled: neither change takes the focus away. */}
          <button
            type="submit"
            className="dc-send"
            aria-disabled={!enabled}
            aria-label={busy ? strings.stop : strings.send}
            title={busy ? strings.stop : strings.send}
            onClick={(event) => event.stopPropagation()}
          >
            {busy ? <StopIcon /> : <SendIcon />}
          </button>
        </div>
      </div>
      {disclaimer !== undefined && <p className="dc-fine">{disclaimer}</p>}
    </form>
  );
}

function FileButton({options, onPick}: {options: FileOptions; onPick: (files: readonly File[]) => void}): ReactNode {
  const {strings} = usePanel();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="dc-ib"
        aria-label={strings.files.add}
        title={strings.files.add}
        onClick={() => picker.current?.click()}
      >
        <ClipIcon />
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple={options.maxCount !== 1}
        accept={options.accept}
        data-docs-chat="files"
        onChange={(event) => {
          onPick([...(event.target.files ?? [])]);
          // The same file again is a change too.
          event.target.value = '';
        }}
      />
    </>
  );
}
