import {appendScript} from '../appendScript.js';

const ELEMENT = 'openai-chatkit';
/** How long a script that has run may take to define its element. */
const DEFINE_MS = 2_000;

const loading = new Map<string, Promise<void>>();

/**
 * Loads ChatKit's script, once. A failed attempt leaves neither promise nor tag behind, so the next
 * call tries again.
 *
 * @throws Error when the script cannot be loaded, or does not define the element.
 */
export function loadScript(url: string): Promise<void> {
  const known = loading.get(url);
  if (known) {
    return known;
  }
  const attempt = appendScript(url, () => waitForElement(url)).catch((error: unknown) => {
    loading.delete(url);
    throw error;
  });
  loading.set(url, attempt);
  return attempt;
}

async function waitForElement(url: string): Promise<void> {
  await Promise.race([
    customElements.whenDefined(ELEMENT),
    new Promise((_, reject) => {
      const error = new Error(`${url} defined no <${ELEMENT}>`);
      setTimeout(() => reject(error), DEFINE_MS);
    }),
  ]);
}
