import {useEffect, useState, useSyncExternalStore} from 'react';
import {createChat, type Chat, type ChatState} from './client.js';
import type {PanelStorage} from './identity.js';
import {createTransport, type ReaderContext, type Transport} from './transport.js';

type Client = {serverUrl: string; chat: Chat; transport: Transport; look: (context: ReaderContext) => void};

function createClient(serverUrl: string, context: ReaderContext, storage: PanelStorage): Client {
  let current = context;
  const transport = createTransport({serverUrl, context: () => current, storage});
  const look = (next: ReaderContext) => {
    current = next;
  };
  return {serverUrl, transport, look, chat: createChat(transport, storage)};
}

/** One chat for each server, with what the reader is looking at now. */
export function useChat(
  serverUrl: string,
  context: ReaderContext,
  storage: PanelStorage,
): {chat: Chat; state: ChatState; transport: Transport} {
  const [client, setClient] = useState(() => createClient(serverUrl, context, storage));
  if (client.serverUrl !== serverUrl) {
    setClient(createClient(serverUrl, context, storage));
  }

  const {chat, transport} = client;
  useEffect(() => client.look(context), [client, context]);
  useEffect(() => {
    chat.resume();
    return () => chat.abort();
  }, [chat]);

  return {chat, transport, state: useSyncExternalStore(chat.subscribe, chat.getState, chat.getState)};
}
