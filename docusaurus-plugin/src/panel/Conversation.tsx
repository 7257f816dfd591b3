import type {ReactNode} from 'react';
import {Actions} from './Actions.js';
import {Answer} from './Answer.js';
import type {Chat, ChatState} from './client.js';
import {usePanel} from './context.js';
import {HelpLink} from './HelpLink.js';
import {FailureBox, NoticeBox} from './StatusBox.js';
import {Suggestions} from './Suggestions.js';
import {Trace} from './Trace.js';
import type {Turn} from './turns.js';

/** The questions and answers of one thread, and what there is to say about the last of them. */
export function Conversation({
  chat,
  state,
  turns,
  online,
  helpLink,
  onAsk,
  onRetry,
}: {
  chat: Chat;
  state: ChatState;
  turns: readonly Turn[];
  online: boolean;
  helpLink: {label: string; url: string} | undefined;
  onAsk: (question: string) => void;
  onRetry: () => void;
}): ReactNode {
  const {strings} = usePanel();
  const {thread, phase, failure, stopped, feedback} = state;
  const idle = phase === 'idle';
  const last = turns.at(-1);
  const searching = {text: strings.searching, active: true, searches: []};
  // Only where a question could be asked now.
  const suggesting = idle && failure === null && online && thread.status === 'active' && last !== undefined && last.answers.length > 0;

  return (
    <>
      {turns.map((turn, at) => (
        <section className="dc-turn" key={at}>
          {turn.question !== null && (
            <div className="dc-q" dir="auto" data-docs-chat="question" role="group" aria-label={strings.question}>
              {turn.question.quoted !== undefined && <blockquote>{turn.question.quoted}</blockquote>}
              {turn.question.text}
            </div>
          )}
          <Trace trace={turn.trace ?? (turn === last && phase === 'waiting' ? searching : null)} />
          {turn.answers.map((answer) => (
            <Answer
              key={answer.id}
              part={answer}
              note={turn === last && answer === turn.answers.at(-1) && stopped && idle ? strings.stopped : undefined}
            >
              {answer === turn.answers.at(-1) && (turn !== last || (idle && failure === null)) && (
                <Actions
                  answer={answer}
                  feedback={feedback[answer.id]}
                  onRate={(kind) => chat.rate(answer.id, kind)}
                  onRetry={turn === last ? onRetry : undefined}
                >
                  {turn === last && <HelpLink link={helpLink} />}
                </Actions>
              )}
            </Answer>
          ))}
          {turn === last && suggesting && (
            <Suggestions
              className="dc-suggestions"
              questions={thread.suggestions}
              label={strings.suggestions}
              onAsk={onAsk}
            />
          )}
        </section>
      ))}
      {thread.notices.map((notice, at) => (
        <NoticeBox key={at} notice={notice} />
      ))}
      {last?.answers.length === 0 && idle && failure === null && (
        <p className="dc-note">
          {stopped && `${strings.stopped} `}
          <button type="button" className="dc-btn" onClick={onRetry}>
            {strings.tryAgain}
          </button>
        </p>
      )}
      {failure !== null && (
        <FailureBox
          failure={failure}
          halfway={last !== undefined && last.answers.length > 0}
          online={online}
          onRetry={onRetry}
          helpLink={helpLink}
        />
      )}
    </>
  );
}
