import type {ReactNode} from 'react';
import {usePanel} from './context.js';
import {CopyButton} from './CopyButton.js';
import {IconButton} from './IconButton.js';
import {RetryIcon, ThumbDownIcon, ThumbUpIcon} from './icons.js';
import type {FeedbackKind} from './protocol.js';
import {toMarkdown} from './sources.js';
import type {AnswerPart} from './turns.js';

/** What a reader can do with a finished answer. */
export function Actions({
  answer,
  feedback,
  onRate,
  onRetry,
  children,
}: {
  answer: AnswerPart;
  feedback: FeedbackKind | undefined;
  onRate: (kind: FeedbackKind) => void;
  /** Absent where asking again would delete later questions. */
  onRetry?: (() => void) | undefined;
  children?: ReactNode;
}): ReactNode {
  const {strings} = usePanel();
  return (
    <div className="dc-acts">
      <IconButton label={strings.helpful} pressed={feedback === 'positive'} onClick={() => onRate('positive')}>
        <ThumbUpIcon />
      </IconButton>
      <IconButton label={strings.notHelpful} pressed={feedback === 'negative'} onClick={() => onRate('negative')}>
        <ThumbDownIcon />
      </IconButton>
      <CopyButton
        label={strings.copyAnswer}
        text={() => toMarkdown(answer.text, answer.annotations, strings.sources, window.location.href)}
      />
      {onRetry !== undefined && (
        <IconButton label={strings.tryAgain} onClick={onRetry}>
          <RetryIcon />
        </IconButton>
      )}
      {children}
    </div>
  );
}
