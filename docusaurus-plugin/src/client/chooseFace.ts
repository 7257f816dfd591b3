import type {ChatData} from '../clientOptions.js';

export type Face = 'chatkit' | 'panel';

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Which face opens. Outside localhost ChatKit refuses to start without a domain key, and once it
 * failed in this tab there is no point in waiting for it again.
 */
export function chooseFace(
  {ui, domainKey}: Pick<ChatData, 'ui' | 'domainKey'>,
  hostname: string,
  failedBefore: boolean,
): Face {
  const possible = Boolean(domainKey) || LOCAL.has(hostname);
  return ui !== 'panel' && possible && !failedBefore ? 'chatkit' : 'panel';
}
