import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {build, type Plugin} from 'esbuild';
import {describe, expect, it} from 'vitest';

const own = (file: string) => path.join(__dirname, file);

/** Every site has these anyway. */
const SITE = /^(react|react-dom|@docusaurus|@theme|@generated|@docs-chat)(\/|$)/;

const names: string[] = [];

/** A module of the site goes by a number there, as bundlers give it. */
function external(name: string): {path: string; external: true} {
  if (!names.includes(name)) {
    names.push(name);
  }
  return {path: String(1000 + names.indexOf(name)), external: true};
}

/** Leaves out what the site has and what is loaded later, and finds the plugin's own module as a site does. */
const asInSite: Plugin = {
  name: 'as-in-site',
  setup({onResolve}) {
    onResolve({filter: /.*/}, ({kind, path: name}) => (kind === 'dynamic-import' ? external(name) : undefined));
    onResolve({filter: /^docusaurus-plugin-docs-chat\/client$/}, () => ({path: own('client/index.ts'), sideEffects: false}));
    onResolve({filter: SITE}, ({path: name}) => external(name));
  },
};

/** What these modules weigh in one download, in bytes: minified and gzipped. */
async function weigh(...modules: string[]): Promise<{js: number; css: number}> {
  const {outputFiles} = await build({
    stdin: {
      contents: modules.map((file, at) => `export {default as m${at}} from './${file}';`).join('\n'),
      resolveDir: __dirname,
      loader: 'ts',
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    outdir: own('out'),
    write: false,
    plugins: [asInSite],
  });
  const size = (end: string) =>
    outputFiles.filter((file) => file.path.endsWith(end)).reduce((sum, {contents}) => sum + gzipSync(contents).length, 0);
  return {js: size('.js'), css: size('.css')};
}

describe('what a reader downloads', () => {
  const everyPage = ['client/Root', 'theme/DocsChat/index', 'client/navbarItemTypes', 'client/CopyButton'];

  it('with every page is at most 2 kB of script and 1 kB of styles', async () => {
    const {js, css} = await weigh(...everyPage);
    expect(js).toBeGreaterThan(1_000);
    expect(js).toBeLessThanOrEqual(2_000);
    expect(css).toBeGreaterThan(400);
    expect(css).toBeLessThanOrEqual(1_000);
  });

  it('for the navbar item and the button of code blocks, where they are on, is at most 500 bytes more', async () => {
    const without = await weigh(...everyPage);
    const both = await weigh(...everyPage, 'theme/DocsChat/NavbarItem', 'theme/DocsChat/CodeButton');
    expect(both.js).toBeGreaterThan(without.js);
    expect(both.js - without.js).toBeLessThanOrEqual(500);
    expect(both.css).toBe(without.css);
  });

  it('for the panel is at most 25 kB, without the frame around it and without what draws the answers', async () => {
    const {js, css} = await weigh('panel/Panel');
    expect(js).toBeGreaterThan(10_000);
    expect(js).toBeLessThanOrEqual(25_000);
    expect(css).toBe(0);
  });
});
