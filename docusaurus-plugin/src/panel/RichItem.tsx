import type {ReactNode} from 'react';
import type {Chat} from './client.js';
import {useExtraStyles} from './extraStyles.js';
import {GeneratedImage} from './GeneratedImage.js';
import {StructuredInput} from './StructuredInput.js';
import type {RichItem as Item} from './turns.js';
import {Widget} from './widgets/Widget.js';

/** An item that is more than text: loaded with the first of them. */
export default function RichItem({
  item,
  open,
  usable,
  chat,
}: {
  item: Item;
  /** The server may still change it. */
  open: boolean;
  /** Nothing else is under way in the thread. */
  usable: boolean;
  chat: Chat;
}): ReactNode {
  useExtraStyles();
  switch (item.type) {
    case 'widget':
      return <Widget item={item} onAction={(action) => chat.act(item, action)} usable={usable} />;
    case 'structured_input':
      return <StructuredInput item={item} usable={usable && !open} onSubmit={(input) => chat.submit(item.id, input)} />;
    case 'generated_image':
      return <GeneratedImage item={item} open={open} />;
  }
}
