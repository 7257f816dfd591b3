import {cp, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {makeBuildId} from './makeBuildId';
import type {Manifest, ManifestPage} from './types';

let folder: string;
let site: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'build-id-'));
  site = path.join(folder, 'website');
  await write('docs/intro.md', '# Intro\n');
  await write('docs/guides/deep.mdx', "import Part from '../_parts/_shared.mdx';\n\n# Deep\n\n<Part />\n");
  await write('docs/_parts/_shared.mdx', 'Shared words.\n');
  await write('../README.md', '# Readme\n');
});
afterEach(() => rm(folder, {recursive: true}));

async function write(file: string, text: string, root = site): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), {recursive: true});
  await writeFile(path.join(root, file), text);
}

const SOURCES = ['docs/intro.md', 'docs/guides/deep.mdx', '../README.md'];

function manifest(more: Partial<Manifest> = {}, sources = SOURCES): Manifest {
  const pages = sources.map((source) => ({source, permalink: `/${source}`, title: 'T'}) as ManifestPage);
  return {siteUrl: 'https://example.com', baseUrl: '/', locale: 'en', pages, ...more} as Manifest;
}

it('is the same for the same tree, wherever it lies', async () => {
  const id = await makeBuildId(manifest(), site);
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  await cp(folder, `${folder}-copy`, {recursive: true});
  expect(await makeBuildId(manifest(), path.join(`${folder}-copy`, 'website'))).toBe(id);
  await rm(`${folder}-copy`, {recursive: true});
});

it.each(['docs/intro.md', 'docs/_parts/_shared.mdx', '../README.md'])('is another one when %s changes', async (file) => {
  const id = await makeBuildId(manifest(), site);
  await write(file, 'Changed.\n');
  expect(await makeBuildId(manifest(), site)).not.toBe(id);
});

it('is another one for another page, address, title or locale', async () => {
  const [intro, ...rest] = manifest().pages as [ManifestPage, ...ManifestPage[]];
  const ids = await Promise.all(
    [
      manifest(),
      manifest({}, SOURCES.slice(1)),
      manifest({pages: [{...intro, permalink: '/moved'}, ...rest]}),
      manifest({pages: [{...intro, title: 'Other'}, ...rest]}),
      manifest({locale: 'fr'}),
    ].map((one) => makeBuildId(one, site)),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

it('does not change with what no page shows', async () => {
  const id = await makeBuildId(manifest(), site);
  await write('node_modules/package/README.md', 'Installed.\n');
  await write('docs/.hidden/notes.md', 'Hidden.\n');
  await write('docs/picture.svg', '<svg/>');
  await write('../other/notes.md', 'Of another project.\n');
  expect(await makeBuildId(manifest(), site)).toBe(id);
});
