import type {ReactNode} from 'react';

/** The empty conversation: what it can do, and questions to begin with. */
export function Start({
  greeting,
  prompts,
  onAsk,
}: {
  greeting: string;
  prompts: readonly string[];
  onAsk: (question: string) => void;
}): ReactNode {
  const [first, ...rest] = greeting.split('\n');
  return (
    <div className="dc-start">
      <div>
        <h3>{first}</h3>
        {rest.length > 0 && <p>{rest.join(' ').trim()}</p>}
      </div>
      {prompts.length > 0 && (
        <ul>
          {prompts.map((prompt) => (
            <li key={prompt}>
              <button type="button" onClick={() => onAsk(prompt)}>
                {prompt}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
