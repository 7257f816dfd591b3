import type {ReactNode} from 'react';
import Region from 'docusaurus-plugin-docs-chat/client/Region';
import getStrings from '@theme/DocsChat/strings';
import type {Props} from '@theme/DocsChat/Conversation';

export default function Conversation({chat}: Props): ReactNode {
  return <Region chat={chat} strings={getStrings()} />;
}
