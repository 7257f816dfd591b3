import DocsChat from '@theme-original/DocsChat';
import useIsBrowser from '@docusaurus/useIsBrowser';

/** Fails where a test asks for it. */
export default function FaultyDocsChat(props) {
  if (useIsBrowser() && sessionStorage.getItem('fault') === 'launcher') {
    throw new Error('a fault in the launcher');
  }
  return <DocsChat {...props} />;
}
