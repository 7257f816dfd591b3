import type {ReactNode} from 'react';
import type {Suggestion} from './readSuggestions.js';

/** Questions that could come next, in the panel and under ChatKit. */
export function Suggestions({
  questions,
  className,
  label,
  onAsk,
}: {
  questions: readonly Suggestion[];
  className: string;
  label: string;
  onAsk: (question: string) => void;
}): ReactNode {
  return questions.length === 0 ? null : (
    <ul className={className} aria-label={label}>
      {questions.map((question, at) => (
        <li key={at}>
          {/* The label is short: the title says what will be asked. */}
          <button
            type="button"
            data-docs-chat="suggestion"
            dir="auto"
            title={question.prompt}
            onClick={() => onAsk(question.prompt)}
          >
            {question.label}
          </button>
        </li>
      ))}
    </ul>
  );
}
