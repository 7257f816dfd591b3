declare module '@docs-chat/inner-root' {
  import type {ReactNode} from 'react';

  export default function InnerRoot(props: {children: ReactNode}): ReactNode;
}

declare module '@generated/docusaurus-plugin-docs-chat/default/chat.json' {
  const data: unknown;
  export default data;
}

declare module '@theme/DocsChat' {
  import type {ReactNode} from 'react';

  export default function DocsChat(): ReactNode;
}

declare module '@theme/DocsChat/Conversation' {
  import type {ReactNode} from 'react';
  import type {Chat} from 'docusaurus-plugin-docs-chat/client';

  export interface Props {
    readonly chat: Chat;
  }
  export default function Conversation(props: Props): ReactNode;
}

declare module '@theme/DocsChat/strings' {
  import type {ChatStrings} from 'docusaurus-plugin-docs-chat/client';

  export default function getStrings(): ChatStrings;
}

declare module '@theme/DocsChat/panelStrings' {
  import type {ChatStrings} from 'docusaurus-plugin-docs-chat/client';

  export default function getPanelStrings(): ChatStrings['panel'];
}
