import {lazy, Suspense, useState, type ReactNode} from 'react';
import {usePanel} from './context.js';
import {CopyButton} from './CopyButton.js';
import {IconButton} from './IconButton.js';
import {RetryIcon, ThumbDownIcon, ThumbUpIcon} from './icons.js';
import type {FeedbackKind} from './requests.js';
import {toMarkdown} from './sources.js';
import type {AnswerPart} from './turns.js';

// The verdict itself has been sent: what comes without the form is enough.
const FeedbackForm = lazy(() => import('./FeedbackForm.js').catch(() => ({default: () => null})));

/** What a reader can do with a finished answer. */
export function Actions({
  answers,
  feedback,
  onRate,
  onRetry,
  children,
}: {
  answers: readonly AnswerPart[];
  feedback: FeedbackKind | undefined;
  /** `reason`: why not, when the reader said so. */
  onRate: (kind: FeedbackKind, reason?: string) => void;
  /** Absent where asking again would delete later questions. */
  onRetry?: (() => void) | undefined;
  children?: ReactNode;
}): ReactNode {
  const {strings, toHref} = usePanel();
  const [asking, setAsking] = useState(false);
  const toUrl = (href: string) => new URL(href.startsWith('/') ? toHref(href) : href, window.location.href).href;
  const copy = () =>
    answers.map(({text, annotations}) => toMarkdown(text, annotations, strings.sources, toUrl)).join('\n\n');
  return (
    <>
      <div className="dc-acts">
        <IconButton
          label={strings.helpful}
          pressed={feedback === 'positive'}
          onClick={() => {
            setAsking(false);
            onRate('positive');
          }}
        >
          <ThumbUpIcon />
        </IconButton>
        <IconButton
          label={strings.notHelpful}
          pressed={feedback === 'negative'}
          onClick={() => {
            setAsking(true);
            onRate('negative');
          }}
        >
          <ThumbDownIcon />
        </IconButton>
        {answers.length > 0 && <CopyButton label={strings.copyAnswer} text={copy} />}
        {onRetry !== undefined && (
          <IconButton label={strings.tryAgain} onClick={onRetry}>
            <RetryIcon />
          </IconButton>
        )}
        {children}
      </div>
      {asking && feedback === 'negative' && (
        <Suspense fallback={null}>
          <FeedbackForm onSend={(reason) => onRate('negative', reason)} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}
