import ErrorBoundary from '@docusaurus/ErrorBoundary';
import InnerCopyButton from '@docs-chat/inner-copy-button';
import {CodeButton} from '@generated/docusaurus-plugin-docs-chat/default/features.js';
import type {ReactNode} from 'react';

/** The site's own copy button of a code block, and the one that asks about the code. */
export default function CopyButton(props: {className?: string}): ReactNode {
  return (
    <>
      {CodeButton && (
        // A theme may have no code block around its copy button.
        <ErrorBoundary fallback={() => null}>
          <CodeButton />
        </ErrorBoundary>
      )}
      <InnerCopyButton {...props} />
    </>
  );
}
