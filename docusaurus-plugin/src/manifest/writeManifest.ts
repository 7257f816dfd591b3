import {mkdir, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Manifest} from './types';

/**
 * Writes `docs-chat/manifest.<locale>.json` under Docusaurus's generated files. A reader sees the
 * old manifest or the new one, never a part of one.
 */
export async function writeManifest(generatedFilesDir: string, manifest: Manifest): Promise<void> {
  const folder = path.join(generatedFilesDir, 'docs-chat');
  const file = path.join(folder, `manifest.${manifest.locale}.json`);
  const draft = `${file}.${process.pid}.tmp`;
  await mkdir(folder, {recursive: true});
  await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(draft, file);
}
