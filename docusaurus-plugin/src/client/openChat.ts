/** Opens the chat, with a text for its question field: not sent. */
export function openChat(question?: string): void {
  dispatchEvent(new CustomEvent('docs-chat:open', {detail: {question}}));
}
