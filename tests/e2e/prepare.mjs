/**
 * Builds what the browser tests need beside the example site: the same site with the ChatKit face, whose script is a
 * local stand-in, and a small site with what ours has not, twice. Not again when neither plugin nor site changed since.
 */
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {build} from 'esbuild';
import {ARTIFACTS, CHATKIT_SITE, HASH_SITE, ROOT, SCRIPT_URL, SITE, VARIANT_SITE} from './places.mjs';

const BUILT = new Set(['build', '.docusaurus', '.docs-chat', 'node_modules']);
const standIn = path.join(import.meta.dirname, 'chatkit-stand-in.ts');

// The databases of earlier runs.
for (const name of fs.existsSync(ARTIFACTS) ? fs.readdirSync(ARTIFACTS) : []) {
  if (/\.db(-wal|-shm)?$/.test(name)) {
    fs.rmSync(path.join(ARTIFACTS, name));
  }
}

// The deployment page shows these files, from beside the site's folder.
const deploy = path.join(ROOT, 'deploy');
fs.cpSync(deploy, path.join(ARTIFACTS, 'deploy'), {recursive: true});
const variant = path.join(import.meta.dirname, 'variant-site');
await buildSite('the example site with the ChatKit face', SITE, CHATKIT_SITE, {
  args: ['--locale', 'en'],
  prepare: async () => {
    await build({
      entryPoints: [standIn],
      outfile: path.join(CHATKIT_SITE, 'static/chatkit-stand-in.js'),
      bundle: true,
      format: 'iife',
      target: 'es2022',
    });
  },
});
await buildSite('a site with other settings', variant, VARIANT_SITE);
await buildSite('a site with the hash router', variant, HASH_SITE, {args: ['--locale', 'en'], env: {VARIANT_ROUTER: 'hash'}});
for (const site of [VARIANT_SITE, HASH_SITE]) {
  execFileSync(path.join(ROOT, '.venv/bin/docs-chat'), ['index', site, '--quiet'], {stdio: 'inherit'});
}

/**
 * Builds a copy of a site, unless that was done before.
 *
 * @param {string} name @param {string} from @param {string} to
 * @param {{args?: string[], env?: Record<string, string>, prepare?: () => Promise<void>}} how `prepare` changes the copy
 *   before it is built
 */
async function buildSite(name, from, to, {args = [], env = {}, prepare = async () => {}} = {}) {
  const stamp = path.join(to, '.stamp');
  const hash = hashFiles([path.join(ROOT, 'docusaurus-plugin/lib'), path.join(ROOT, 'docusaurus-plugin/locales'), deploy, from, standIn]);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash) {
    return;
  }
  console.log(`Building ${name} …`);
  fs.rmSync(to, {recursive: true, force: true});
  fs.cpSync(from, to, {recursive: true, filter: (file) => !BUILT.has(path.basename(file))});
  await prepare();
  execFileSync('npx', ['docusaurus', 'build', ...args], {
    cwd: to,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      EXAMPLE_SITE_UI: 'chatkit',
      EXAMPLE_SITE_SCRIPT_URL: SCRIPT_URL,
      DOCUSAURUS_NO_PERSISTENT_CACHE: '1',
      ...env,
    },
  });
  fs.writeFileSync(stamp, hash);
}

/** @param {string[]} places */
function hashFiles(places) {
  const digest = createHash('sha256');
  for (const place of places) {
    for (const file of walk(place)) {
      digest.update(path.relative(ROOT, file)).update(fs.readFileSync(file));
    }
  }
  return digest.digest('hex');
}

/** @param {string} place @returns {string[]} */
function walk(place) {
  if (!fs.statSync(place).isDirectory()) {
    return [place];
  }
  const names = fs.readdirSync(place).filter((name) => !BUILT.has(name));
  return names.sort().flatMap((name) => walk(path.join(place, name)));
}
