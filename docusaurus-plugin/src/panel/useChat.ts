import {useEffect, useState, useSyncExternalStore} from 'react';
import {createChat, type Chat, type ChatState} from './client.js';
import type {ChatHost} from './host.js';
import type {PanelStorage} from './identity.js';
import {createTransport, type ReaderContext, type Transport} from './transport.js';

type Surroundings = {context: ReaderContext; host: ChatHost};
type Client = {serverUrl: string; chat: Chat; transport: Transport; look: (around: Surroundings) => void};

function createClient(serverUrl: string, around: Surroundings, storage: PanelStorage): Client {
  let current = around;
  const transport = createTransport({
    serverUrl,
    context: () => current.context,
    storage,
    prove: () => current.host.onChallenge?.(),
  });
  const look = (next: Surroundings) => {
    current = next;
  };
  return {serverUrl, transport, look, chat: createChat(transport, storage, () => current.host)};
}

/** One chat for each server, with what the reader is looking at now and what the page around it can do. */
export function useChat(
  serverUrl: string,
  around: Surroundings,
  storage: PanelStorage,
): {chat: Chat; state: ChatState; transport: Transport} {
  const [client, setClient] = useState(() => createClient(serverUrl, around, storage));
  if (client.serverUrl !== serverUrl) {
    setClient(createClient(serverUrl, around, storage));
  }

  const {chat, transport} = client;
  useEffect(() => client.look(around));
  useEffect(() => {
    chat.resume();
    return () => chat.abort();
  }, [chat]);

  return {chat, transport, state: useSyncExternalStore(chat.subscribe, chat.getState, chat.getState)};
}
