const injected = new Set<string>();

/** Adds a stylesheet to the page, once. No `<style>` element: a strict CSP would refuse it. */
export function injectStyles(css: string): void {
  if (injected.has(css)) {
    return;
  }
  injected.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
