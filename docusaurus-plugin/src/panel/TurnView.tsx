import {lazy, memo, Suspense, type ReactNode} from 'react';
import {Actions} from './Actions.js';
import {Answer} from './Answer.js';
import {Boundary} from './Boundary.js';
import type {Chat} from './client.js';
import {usePanel} from './context.js';
import {HelpLink} from './HelpLink.js';
import {Question} from './Question.js';
import type {FeedbackKind} from './requests.js';
import {Trace} from './Trace.js';
import {answersOf, type Turn, type TurnPart} from './turns.js';

// A site's own server may send these; the docs' answers have none.
const RichItem = lazy(() => import('./RichItem.js').catch(() => ({default: Missing})));

function Missing(): ReactNode {
  const {strings} = usePanel();
  return <p className="dc-note">{strings.errors.bad_response.title}</p>;
}

/** One question with all that followed. Drawn again only when something of it has changed. */
export const TurnView = memo(function TurnView({
  turn,
  chat,
  feedback,
  note,
  working,
  usable,
  finished,
  onRetry,
  helpLink,
  children,
}: {
  turn: Turn;
  chat: Chat;
  feedback: Readonly<Record<string, FeedbackKind>>;
  /** What is to be said under the last answer. */
  note: string | undefined;
  /** Said at the end while nothing of the answer is there. */
  working: TurnPart | undefined;
  /** Its widgets and forms can be used. */
  usable: boolean;
  /** The answer is there and can be judged. */
  finished: boolean;
  /** Absent where asking again would delete later questions. */
  onRetry: (() => void) | undefined;
  helpLink: {label: string; url: string} | undefined;
  children?: ReactNode;
}): ReactNode {
  const answers = answersOf(turn);
  const rated = answers.at(-1)?.id ?? turn.parts.findLast(({kind}) => kind === 'rich')?.key;
  const draw = (part: TurnPart): ReactNode => {
    switch (part.kind) {
      case 'trace':
        return <Trace key={part.key} trace={part.trace} />;
      case 'answer':
        return <Answer key={part.key} part={part.answer} note={part.answer === answers.at(-1) ? note : undefined} />;
      case 'rich':
        return (
          <Boundary key={part.key} fallback={<Missing />}>
            <Suspense fallback={null}>
              <RichItem item={part.item} open={part.open} usable={usable} chat={chat} />
            </Suspense>
          </Boundary>
        );
    }
  };
  return (
    <section className="dc-turn">
      {turn.question !== null && <Question question={turn.question} />}
      {turn.parts.map(draw)}
      {working !== undefined && draw(working)}
      {finished && rated !== undefined && !isAsking(turn) && (
        <Actions
          answers={answers}
          feedback={feedback[rated]}
          onRate={(kind, reason) => chat.rate(rated, kind, reason)}
          onRetry={onRetry}
        >
          <HelpLink link={helpLink} />
        </Actions>
      )}
      {children}
    </section>
  );
});

/** Whether it is the reader's turn: nothing to judge yet. */
function isAsking({parts}: Turn): boolean {
  const last = parts.at(-1);
  return last?.kind === 'rich' && last.item.type === 'structured_input' && last.item.status === 'pending';
}
