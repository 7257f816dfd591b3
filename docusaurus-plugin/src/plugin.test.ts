import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import pluginDocsChat from './plugin';
import type {PluginOptions} from './options';
import type {LoadContext, PluginContentLoadedActions} from '@docusaurus/types';
import type {Manifest} from './manifest/types';

let siteDir: string;

beforeEach(async () => {
  siteDir = await mkdtemp(path.join(tmpdir(), 'site-'));
  await mkdir(path.join(siteDir, 'docs'));
  await writeFile(path.join(siteDir, 'docs/a.md'), '# A\n');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(siteDir, {recursive: true});
});

const options = {id: 'default', ui: 'auto'} as unknown as PluginOptions;
const doc = {id: 'a', title: 'A', description: '', source: '@site/docs/a.md', permalink: '/a', tags: [], frontMatter: {}};
const version = {versionName: 'current', label: 'Next', isLast: true, noIndex: false, docs: [doc], sidebars: {}};
const content = {loadedVersions: [version]};
const ours = {name: 'docusaurus-plugin-content-docs', options: {id: 'default'}, content};

/** Loads and builds a site of one page; gives what the pages get, and the manifest. */
async function build(): Promise<{data: {build?: string}; manifest: Manifest}> {
  const generatedFilesDir = path.join(siteDir, '.docusaurus');
  const context = {
    siteDir,
    generatedFilesDir,
    outDir: path.join(siteDir, 'build'),
    baseUrl: '/',
    siteConfig: {url: 'https://example.com', future: {experimental_router: 'browser'}, themeConfig: {}},
    i18n: {currentLocale: 'en', defaultLocale: 'en', locales: ['en']},
  } as unknown as LoadContext;
  const plugin = pluginDocsChat(context, options);
  const createData = vi.fn<(name: string, data: object) => Promise<string>>(() => Promise.resolve(''));
  await plugin.allContentLoaded?.({
    allContent: {[ours.name]: {default: content}},
    actions: {createData} as unknown as PluginContentLoadedActions,
  });
  if (process.env.NODE_ENV !== 'development') {
    await plugin.postBuild?.({plugins: [ours], routes: [], routesPaths: [], routesBuildMetadata: {}} as never);
  }
  const written = await readFile(path.join(generatedFilesDir, 'docs-chat/manifest.en.json'), 'utf8');
  expect(createData).toHaveBeenCalledOnce();
  expect(createData.mock.calls[0]?.[0]).toBe('build.json');
  return {data: createData.mock.calls[0]?.[1] as {build?: string}, manifest: JSON.parse(written) as Manifest};
}

it('gives the pages and the manifest of a build the same id', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  const first = await build();
  expect(first.manifest.build).toMatch(/^[0-9a-f]{16}$/);
  expect(first.data.build).toBe(first.manifest.build);
  expect(first.manifest.mode).toBe('production');
  expect((await build()).data).toEqual(first.data);
  await writeFile(path.join(siteDir, 'docs/a.md'), '# A\n\nMore.\n');
  const second = await build();
  expect(second.data.build).toBe(second.manifest.build);
  expect(second.data.build).not.toBe(first.data.build);
});

it('gives none while a site is being written', async () => {
  vi.stubEnv('NODE_ENV', 'development');
  const {data, manifest} = await build();
  expect(data.build).toBeUndefined();
  expect(manifest.mode).toBe('development');
  expect(manifest).not.toHaveProperty('build');
});
