import type {ReactNode} from 'react';
import type {Chat, ChatState} from './client.js';
import {usePanel} from './context.js';
import {ClosedBox, FailureBox, NoticeBox} from './StatusBox.js';
import {Suggestions} from './Suggestions.js';
import {TurnView} from './TurnView.js';
import {hasAnswer, toProgress, type Turn} from './turns.js';

/** The questions and answers of one thread, and what there is to say about the last of them. */
export function Conversation({
  chat,
  state,
  turns,
  online,
  helpLink,
  onAsk,
  onRetry,
  onNew,
}: {
  chat: Chat;
  state: ChatState;
  turns: readonly Turn[];
  online: boolean;
  helpLink: {label: string; url: string} | undefined;
  onAsk: (question: string) => void;
  onRetry: () => void;
  onNew: () => void;
}): ReactNode {
  const {strings} = usePanel();
  const {thread, phase, failure, stopped, feedback} = state;
  const idle = phase === 'idle';
  const active = thread.status.type === 'active';
  const last = turns.at(-1);
  const answered = last !== undefined && hasAnswer(last);
  // Only where a question could be asked now.
  const suggesting = idle && failure === null && online && active && answered;

  return (
    <>
      {turns.map((turn) => {
        const isLast = turn === last;
        return (
          <TurnView
            key={turn.key}
            turn={turn}
            chat={chat}
            feedback={feedback}
            note={isLast && stopped && idle ? strings.stopped : undefined}
            working={isLast && phase === 'waiting' && !isWorking(turn) ? toProgress(strings.searching) : undefined}
            usable={isLast && idle && online && active}
            finished={!isLast || (idle && failure === null)}
            onRetry={isLast && active ? onRetry : undefined}
            helpLink={isLast ? helpLink : undefined}
          >
            {isLast && suggesting && (
              <Suggestions className="dc-suggestions" questions={thread.suggestions} label={strings.suggestions} onAsk={onAsk} />
            )}
          </TurnView>
        );
      })}
      {thread.notices.map((notice, at) => (
        <NoticeBox key={at} notice={notice} />
      ))}
      {last !== undefined && !answered && idle && active && failure === null && (
        <p className="dc-note">
          {stopped && `${strings.stopped} `}
          <button type="button" className="dc-btn" onClick={onRetry}>
            {strings.tryAgain}
          </button>
        </p>
      )}
      {failure !== null && (
        <FailureBox failure={failure} halfway={answered} online={online} onRetry={onRetry} helpLink={helpLink} />
      )}
      {!active && idle && <ClosedBox status={thread.status} onNew={onNew} />}
    </>
  );
}

/** Whether the turn says itself that something is under way. */
function isWorking({parts}: Turn): boolean {
  const part = parts.at(-1);
  return part !== undefined && (part.kind !== 'trace' || part.trace.active);
}
