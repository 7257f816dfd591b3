// @vitest-environment happy-dom
import {expect, it} from 'vitest';
import {adoptStyles} from './adoptStyles.js';

function addSiteStyles(css: string): void {
  const style = document.createElement('style');
  style.textContent = css;
  document.head.append(style);
}

it('makes styles stronger where the site turned its cascade layers into ids, and there alone', () => {
  addSiteStyles('h2 { margin: 20px; }');
  adoptStyles(document, '.dc-panel { color: red; }', 'plain');
  expect(document.adoptedStyleSheets.at(-1)?.cssRules).toHaveLength(1);

  addSiteStyles('h2:not(#\\#):not(#\\#) { margin: 20px; }');
  adoptStyles(document, '.dc-panel { color: green; }', 'strong');
  const rules = [...(document.adoptedStyleSheets.at(-1)?.cssRules ?? [])] as CSSStyleRule[];
  expect(rules.map(({selectorText}) => selectorText.match(/#\\#/g)?.length ?? 0)).toEqual([0, 5]);
});
