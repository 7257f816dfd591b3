import type {ReactNode} from 'react';
import {usePluralForm} from '@docusaurus/theme-common';
import Region from 'docusaurus-plugin-docs-chat/client/Region';
import getStrings from '@theme/DocsChat/strings';
import type {Props} from '@theme/DocsChat/Conversation';

export default function Conversation({chat}: Props): ReactNode {
  const {selectMessage} = usePluralForm();
  return <Region chat={chat} strings={getStrings(selectMessage)} />;
}
