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
  const script = document.createElement('script');
  script.src = url;
  script.async = true;
  const attempt = run(script).catch((error: unknown) => {
    loading.delete(url);
    script.remove();
    throw error;
  });
  loading.set(url, attempt);
  return attempt;
}

async function run(script: HTMLScriptElement): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(new Error(`${script.src} could not be loaded`)));
    document.head.append(script);
  });
  await Promise.race([
    customElements.whenDefined(ELEMENT),
    new Promise((_, reject) => {
      const error = new Error(`${script.src} defined no <${ELEMENT}>`);
      setTimeout(() => reject(error), DEFINE_MS);
    }),
  ]);
}
