/**
 * Runs a script of another site, and then `check`, which looks for what the script was to define. When either fails
 * the tag is gone again, so that the next attempt is a new one.
 *
 * @param withinMs How long the script may take to come; undefined for as long as it takes.
 * @throws Error when it does not come, and whatever `check` throws.
 */
export async function appendScript<T>(url: string, check: () => T, withinMs?: number): Promise<Awaited<T>> {
  const script = document.createElement('script');
  script.src = url;
  script.async = true;
  try {
    await new Promise<void>((resolve, reject) => {
      script.addEventListener('load', () => resolve());
      script.addEventListener('error', () => reject(new Error(`${url} could not be loaded`)));
      if (withinMs !== undefined) {
        setTimeout(() => reject(new Error(`${url} did not come`)), withinMs);
      }
      document.head.append(script);
    });
    return await check();
  } catch (error) {
    script.remove();
    throw error;
  }
}
