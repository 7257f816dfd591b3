import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {build, type Plugin} from 'esbuild';
import {describe, expect, it} from 'vitest';

const own = (file: string) => path.join(__dirname, file);

/** Every site has these anyway. */
const SITE = /^(react|react-dom|@docusaurus|@theme|@generated|@docs-chat)(\/|$)/;

/** Leaves out what the site has and what is loaded later, and finds the plugin's own module as a site does. */
const asInSite: Plugin = {
  name: 'as-in-site',
  setup({onResolve}) {
    onResolve({filter: /.*/}, ({kind}) => (kind === 'dynamic-import' ? {external: true} : undefined));
    onResolve({filter: /^docusaurus-plugin-docs-chat\/client$/}, () => ({path: own('client/index.ts'), sideEffects: false}));
    onResolve({filter: SITE}, () => ({external: true}));
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
  it('with every page is at most 2 kB of script and 1 kB of styles', async () => {
    const {js, css} = await weigh('client/Root', 'theme/DocsChat/index');
    expect(js).toBeGreaterThan(1_000);
    expect(js).toBeLessThanOrEqual(2_000);
    expect(css).toBeGreaterThan(400);
    expect(css).toBeLessThanOrEqual(1_000);
  });

  it('for the panel is at most 25 kB, without the frame around it and without what draws the answers', async () => {
    const {js, css} = await weigh('panel/Panel');
    expect(js).toBeGreaterThan(10_000);
    expect(js).toBeLessThanOrEqual(25_000);
    expect(css).toBe(0);
  });
});
