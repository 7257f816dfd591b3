import type {ActionConfig, ItemOf, ThreadItem} from './protocol.js';

/** What a server may ask of the page that the panel is on. */
export type ChatHost = {
  /** Runs one of the page's own tools; what it resolves with goes back to the server as JSON. */
  onClientTool?: ((call: {name: string; params: Record<string, unknown>}) => unknown) | undefined;
  /** Told once of each effect that the panel does not know itself. */
  onEffect?: ((effect: {name: string; data: Record<string, unknown>}) => void) | undefined;
  /** Runs a widget's action that is meant for the page. */
  onWidgetAction?: ((action: ActionConfig, item: ItemOf<'widget'>) => unknown) | undefined;
  /** Lets a new reader show that it is no script, where the server wants that; resolves with the proof. */
  onChallenge?: (() => Promise<string>) | undefined;
};

/**
 * The result of the tool that the server waits for, undefined when it waits for none. A tool that is missing or
 * fails is a result as well: without one the conversation could not go on.
 */
export async function runPendingTool(items: readonly ThreadItem[], host: ChatHost): Promise<{result: unknown} | undefined> {
  const call = items.at(-1);
  if (call?.type !== 'client_tool_call' || call.status !== 'pending') {
    return undefined;
  }
  if (host.onClientTool === undefined) {
    return {result: {error: `There is no tool ${call.name} on this page.`}};
  }
  try {
    return {result: (await host.onClientTool({name: call.name, params: call.arguments})) ?? null};
  } catch (error) {
    return {result: {error: error instanceof Error ? error.message : String(error)}};
  }
}
