import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, expect, it} from 'vitest';
import {writeManifest} from './writeManifest';
import type {Manifest} from './types';

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, {recursive: true})));
});

it('writes one file a locale, over the old one, and leaves nothing else', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'manifest-'));
  folders.push(folder);
  const manifest = (locale: string, outDir: string) => ({schema: 1, locale, outDir}) as Manifest;

  await writeManifest(folder, manifest('en', 'old'));
  await writeManifest(folder, manifest('en', 'build'));
  await writeManifest(folder, manifest('fr', 'build/fr'));

  const written = path.join(folder, 'docs-chat');
  expect(await readdir(written)).toEqual(['manifest.en.json', 'manifest.fr.json']);
  expect(JSON.parse(await readFile(path.join(written, 'manifest.en.json'), 'utf8'))).toEqual(
    manifest('en', 'build'),
  );
});
