import Conversation from '@theme-original/DocsChat/Conversation';

/** Fails where a test asks for it. */
export default function FaultyConversation(props) {
  if (sessionStorage.getItem('fault') === 'conversation') {
    throw new Error('a fault in the conversation');
  }
  return <Conversation {...props} />;
}
