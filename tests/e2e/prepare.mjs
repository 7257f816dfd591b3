/**
 * Builds what the browser tests need beside the example site: the same site with the ChatKit face, whose script is a
 * local stand-in. Not again when neither plugin nor site changed since.
 */
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {build} from 'esbuild';
import {ARTIFACTS, CHATKIT_SITE, ROOT, SCRIPT_URL, SITE} from './places.mjs';

const BUILT = new Set(['build', '.docusaurus', '.docs-chat', 'node_modules']);
const stamp = path.join(CHATKIT_SITE, '.stamp');
const standIn = path.join(import.meta.dirname, 'chatkit-stand-in.ts');

// The databases of earlier runs.
for (const name of fs.existsSync(ARTIFACTS) ? fs.readdirSync(ARTIFACTS) : []) {
  if (/\.db(-wal|-shm)?$/.test(name)) {
    fs.rmSync(path.join(ARTIFACTS, name));
  }
}

const hash = hashFiles([path.join(ROOT, 'docusaurus-plugin/lib'), SITE, standIn]);
if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== hash) {
  console.log('Building the example site with the ChatKit face …');
  fs.rmSync(CHATKIT_SITE, {recursive: true, force: true});
  fs.cpSync(SITE, CHATKIT_SITE, {recursive: true, filter: (file) => !BUILT.has(path.basename(file))});
  await build({
    entryPoints: [standIn],
    outfile: path.join(CHATKIT_SITE, 'static/chatkit-stand-in.js'),
    bundle: true,
    format: 'iife',
    target: 'es2022',
  });
  execFileSync('npx', ['docusaurus', 'build', '--locale', 'en'], {
    cwd: CHATKIT_SITE,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      EXAMPLE_SITE_UI: 'chatkit',
      EXAMPLE_SITE_SCRIPT_URL: SCRIPT_URL,
      DOCUSAURUS_NO_PERSISTENT_CACHE: '1',
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
