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
      sheet.replaceSync(hasFlatLayers(document) ? css + strengthen(css) : css);
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

/** For old browsers, cascade layers are turned into selectors that name an id, twice or more often. */
const ID = ':not(#\\#';

/** Whether the site was built so: the site's rules for plain elements then beat every class. */
function hasFlatLayers({styleSheets}: Document): boolean {
  return [...styleSheets].some((sheet) => {
    try {
      return [...sheet.cssRules].some((rule) => (rule as CSSStyleRule).selectorText?.includes(ID));
    } catch {
      // A stylesheet of another origin keeps its rules to itself.
      return false;
    }
  });
}

function strengthen(css: string): string {
  return `:root${`${ID})`.repeat(5)}{${css}}`;
}
