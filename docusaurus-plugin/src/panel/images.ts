const DATA_IMAGE = /^data:image\/(?:png|jpe?g|gif|webp|avif|bmp);base64,[\w+/=\s]*$/i;

/**
 * Where an image may be loaded from, or the host that it may not be loaded from. `domains` are those that the
 * server allows, null for any; the site's own images and those in the data itself are always allowed.
 */
export function safeImage(
  url: string,
  domains: readonly string[] | null,
  base: string,
): {src: string} | {refused: string} {
  if (DATA_IMAGE.test(url)) {
    return {src: url};
  }
  try {
    const {protocol, host, hostname, origin, href} = new URL(url, base);
    const ours = origin === new URL(base).origin;
    const web = protocol === 'https:' || (protocol === 'http:' && ours);
    const named = domains === null || domains.some((domain) => domain === host || domain === hostname);
    return web && (ours || named) ? {src: href} : {refused: host || protocol.slice(0, -1)};
  } catch {
    return {refused: ''};
  }
}
