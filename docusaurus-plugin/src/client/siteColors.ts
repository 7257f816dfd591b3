/** Red, green, blue and alpha, 0-255 each. */
export type Pixel = readonly [number, number, number, number];

/**
 * Resolves a custom property of the page, whatever CSS it holds (`var()`, `oklch()`,
 * `color-mix()`), to what the browser paints; undefined when it is not set.
 */
export function paintProperty(name: string): Pixel | undefined {
  // An unset property would silently paint the inherited colour.
  if (!getComputedStyle(document.documentElement).getPropertyValue(name).trim()) {
    return undefined;
  }
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  probe.hidden = true;
  document.body.append(probe);
  const {color} = getComputedStyle(probe);
  probe.remove();

  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const brush = canvas.getContext('2d', {willReadFrequently: true});
  if (!brush) {
    return undefined;
  }
  brush.fillStyle = color;
  brush.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = brush.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha];
}

/** The first colour that can stand alone, as `#rrggbb`: Infima's page background is transparent. */
export function pickOpaque(pixels: (Pixel | undefined)[]): string | undefined {
  const pixel = pixels.find((candidate) => candidate && candidate[3] >= 250);
  return pixel && toHex(pixel);
}

function toHex([red, green, blue]: Pixel): string {
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
