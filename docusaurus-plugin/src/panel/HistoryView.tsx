import {useEffect, useInsertionEffect, useRef, useState, type ReactNode} from 'react';
import {adoptStyles} from './adoptStyles.js';
import {usePanel} from './context.js';
import {relativeDate} from './dates.js';
import {useHistory} from './history.js';
import {IconButton} from './IconButton.js';
import {BackIcon, PencilIcon, TrashIcon} from './icons.js';
import {HISTORY_CSS} from './historyStyles.js';
import type {Thread} from './protocol.js';
import type {Transport} from './transport.js';

type Editing = {id: string; how: 'rename' | 'remove'} | null;

/** The reader's past chats: open, rename, delete. */
export default function HistoryView({
  id,
  transport,
  locale,
  current,
  onOpen,
  onBack,
  onRemoved,
}: {
  id: string;
  transport: Transport;
  locale: string;
  current: string | null;
  onOpen: (threadId: string) => void;
  onBack: () => void;
  onRemoved: (threadId: string) => void;
}): ReactNode {
  const {strings} = usePanel();
  const {threads, loading, failure, hasMore, more, rename, remove} = useHistory(transport);
  const [editing, setEditing] = useState<Editing>(null);
  const [now] = useState(() => Date.now());
  const heading = useRef<HTMLHeadingElement>(null);
  useInsertionEffect(() => adoptStyles(document, HISTORY_CSS, 'docs-chat-history'), []);

  const failed = failure === null ? null : strings.errors[failure.kind];
  return (
    <div id={id} className="dc-history" data-docs-chat="history">
      <div className="dc-history-head">
        <IconButton label={strings.back} onClick={onBack}>
          <BackIcon />
        </IconButton>
        <h3 ref={heading} tabIndex={-1}>
          {strings.historyTitle}
        </h3>
      </div>
      {failed !== null && (
        <p className="dc-note" role="alert">
          {failed.title}
        </p>
      )}
      {!loading && failure === null && threads.length === 0 && <p className="dc-none">{strings.historyEmpty}</p>}
      <ul aria-busy={loading}>
        {threads.map((thread) => (
          <li key={thread.id} className={thread.id === current ? 'dc-thread dc-on' : 'dc-thread'}>
            <ThreadRow
              thread={thread}
              date={relativeDate(thread.created_at, now, locale)}
              current={thread.id === current}
              editing={editing?.id === thread.id ? editing.how : undefined}
              onEdit={(how) => setEditing(how === undefined ? null : {id: thread.id, how})}
              onOpen={() => onOpen(thread.id)}
              onRename={(title) => rename(thread.id, title)}
              onRemove={() => {
                remove(thread.id);
                onRemoved(thread.id);
                heading.current?.focus();
              }}
            />
          </li>
        ))}
      </ul>
      {loading && <p className="dc-note">{strings.loading}</p>}
      {!loading && hasMore && (
        <button type="button" className="dc-btn" onClick={more}>
          {strings.historyMore}
        </button>
      )}
      {!loading && failure !== null && threads.length === 0 && (
        <button type="button" className="dc-btn" onClick={more}>
          {strings.tryAgain}
        </button>
      )}
    </div>
  );
}

function ThreadRow({
  thread,
  date,
  current,
  editing,
  onEdit,
  onOpen,
  onRename,
  onRemove,
}: {
  thread: Thread;
  date: string;
  current: boolean;
  editing: 'rename' | 'remove' | undefined;
  onEdit: (how: 'rename' | 'remove' | undefined) => void;
  onOpen: () => void;
  onRename: (title: string) => void;
  onRemove: () => void;
}): ReactNode {
  const {strings} = usePanel();
  const title = thread.title ?? strings.untitled;
  const renameButton = useRef<HTMLButtonElement>(null);
  const removeButton = useRef<HTMLButtonElement>(null);
  const before = useRef(editing);

  // What was pressed is gone while editing: give the focus back to it afterwards.
  useEffect(() => {
    if (editing === undefined && before.current !== undefined) {
      (before.current === 'rename' ? renameButton : removeButton).current?.focus();
    }
    before.current = editing;
  });

  if (editing === 'rename') {
    return <RenameForm title={thread.title ?? ''} onSave={onRename} onDone={() => onEdit(undefined)} />;
  }
  if (editing === 'remove') {
    return <RemoveForm title={title} onRemove={onRemove} onDone={() => onEdit(undefined)} />;
  }
  return (
    <>
      <button type="button" className="dc-thread-open" aria-current={current || undefined} onClick={onOpen}>
        <b>{title}</b>
        <time dateTime={thread.created_at}>{date}</time>
      </button>
      <IconButton buttonRef={renameButton} label={`${strings.rename}: ${title}`} onClick={() => onEdit('rename')}>
        <PencilIcon />
      </IconButton>
      <IconButton buttonRef={removeButton} label={`${strings.remove}: ${title}`} onClick={() => onEdit('remove')}>
        <TrashIcon />
      </IconButton>
    </>
  );
}

function RenameForm({
  title,
  onSave,
  onDone,
}: {
  title: string;
  onSave: (title: string) => void;
  onDone: () => void;
}): ReactNode {
  const {strings} = usePanel();
  const [value, setValue] = useState(title);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <form
      className="dc-edit"
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() !== '' && value.trim() !== title) {
          onSave(value.trim());
        }
        onDone();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onDone();
        }
      }}
    >
      <input
        ref={field}
        value={value}
        maxLength={200}
        aria-label={strings.renameField}
        onChange={(event) => setValue(event.target.value)}
      />
      <button type="submit" className="dc-btn dc-primary">
        {strings.save}
      </button>
      <button type="button" className="dc-btn" onClick={onDone}>
        {strings.cancel}
      </button>
    </form>
  );
}

function RemoveForm({title, onRemove, onDone}: {title: string; onRemove: () => void; onDone: () => void}): ReactNode {
  const {strings} = usePanel();
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  return (
    <div
      className="dc-edit"
      role="group"
      aria-label={strings.removeQuestion(title)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onDone();
        }
      }}
    >
      <p>{strings.removeQuestion(title)}</p>
      <button type="button" className="dc-btn dc-danger" onClick={onRemove}>
        {strings.remove}
      </button>
      <button ref={cancel} type="button" className="dc-btn" onClick={onDone}>
        {strings.cancel}
      </button>
    </div>
  );
}
