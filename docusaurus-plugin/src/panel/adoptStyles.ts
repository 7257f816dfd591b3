const sheets = new Map<string, CSSStyleSheet>();

/**
 * Puts styles into the document once. A constructed stylesheet needs no `unsafe-inline` in a site's
 * Content Security Policy; browsers without it get a style element of this id.
 */
export function adoptStyles(document: Document, css: string, id: string): void {
  try {
    let sheet = sheets.get(id);
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      sheets.set(id, sheet);
    }
    if (!document.adoptedStyleSheets.includes(sheet)) {
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    }
  } catch {
    if (document.getElementById(id) === null) {
      const style = document.createElement('style');
      style.id = id;
      style.textContent = css;
      document.head.append(style);
    }
  }
}
