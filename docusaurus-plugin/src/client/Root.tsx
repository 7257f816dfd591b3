import ErrorBoundary from '@docusaurus/ErrorBoundary';
import InnerRoot from '@docs-chat/inner-root';
import DocsChat from '@theme/DocsChat';
import type {ReactNode} from 'react';

/** The site's own Root, with the chat beside the pages: navigation never unmounts it. */
export default function Root({children}: {children: ReactNode}): ReactNode {
  return (
    <InnerRoot>
      {children}
      {/* A fault of the chat must not take the docs with it. */}
      <ErrorBoundary fallback={() => null}>
        <DocsChat />
      </ErrorBoundary>
    </InnerRoot>
  );
}
