import type {ReactNode} from 'react';
import {usePanel} from './context.js';
import {CopyButton} from './CopyButton.js';

/** A fenced block with its language, its title when the fence names one, and a copy button. */
export function CodeBlock({code, info, children}: {code: string; info: string; children?: ReactNode}): ReactNode {
  const {strings, renderCode} = usePanel();
  const language = /^[^\s{]*/.exec(info)?.[0] ?? '';
  const title = /\btitle=(?:"([^"]*)|'([^']*)|(\S+))/.exec(info);
  const label = [language, title?.[1] ?? title?.[2] ?? title?.[3] ?? ''].filter((part) => part !== '').join(' · ');
  return (
    <div className="dc-code">
      <div className="dc-code-head">
        <span className="dc-code-label" translate="no">
          {label}
        </span>
        {children}
        <CopyButton text={() => code} label={strings.copyCode} />
      </div>
      <pre className="dc-pre" tabIndex={0} role="region" aria-label={strings.code(label)} translate="no" dir="ltr">
        {renderCode === undefined ? <code>{code}</code> : renderCode(code, language === '' ? undefined : language)}
      </pre>
    </div>
  );
}
