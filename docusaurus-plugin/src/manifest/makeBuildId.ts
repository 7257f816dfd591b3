import {createHash} from 'node:crypto';
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import type {Manifest} from './types';

/**
 * The id of what a build of one locale shows: 16 hexadecimal digits over its pages, and over the bytes of their source
 * files and of the Markdown files beside them, which pages may import. The same tree gives the same id on any machine.
 */
export async function makeBuildId(manifest: Manifest, siteDir: string): Promise<string> {
  const {siteUrl, baseUrl, locale, pages} = manifest;
  const hash = createHash('sha256').update(JSON.stringify({siteUrl, baseUrl, locale, pages}));
  const sources = pages.map(({source}) => source);
  for (const file of [...new Set([...sources, ...(await listMarkdown(sources, siteDir))])].sort()) {
    // A page whose file is gone is a matter for Docusaurus, and for the indexer.
    const bytes = await readFile(path.join(siteDir, file)).catch(() => Buffer.alloc(0));
    hash.update(`\0${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The Markdown files in the folders of these sources and below them, relative to the site. */
async function listMarkdown(sources: string[], siteDir: string): Promise<string[]> {
  const seen = new Set<string>();
  const files: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    if (seen.has(folder)) {
      return;
    }
    seen.add(folder);
    const place = path.join(siteDir, folder);
    // A folder that has the site in it has all that was ever installed there as well.
    const holdsSite = !path.relative(place, siteDir).startsWith('..');
    for (const entry of await readdir(place, {withFileTypes: true}).catch(() => [])) {
      const name = path.posix.join(folder, entry.name);
      if (!entry.isDirectory()) {
        if (/\.mdx?$/.test(entry.name)) {
          files.push(name);
        }
      } else if (!holdsSite && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
        await visit(name);
      }
    }
  };
  for (const source of sources) {
    await visit(path.posix.dirname(source));
  }
  return files;
}
