import type {ReactNode} from 'react';
import {translate} from '@docusaurus/Translate';
import SelectionButton from 'docusaurus-plugin-docs-chat/client/ask/SelectionButton';

export default function DocsChatSelectionButton(): ReactNode {
  return (
    <SelectionButton
      label={translate({
        id: 'docsChat.askSelection',
        message: 'Ask about this',
        description: 'The button at selected text that asks about it',
      })}
    />
  );
}
