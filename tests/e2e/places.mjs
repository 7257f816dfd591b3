/** Where the browser tests keep their things and which ports their servers listen on. */
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const ARTIFACTS = path.join(ROOT, 'artifacts');
export const SITE = path.join(ROOT, 'example-site');
/** The same site once more, with the ChatKit face. */
export const CHATKIT_SITE = path.join(ARTIFACTS, 'chatkit-site');

/** A small site with what ours has not. */
export const VARIANT_SITE = path.join(ARTIFACTS, 'variant-site');

/** The small site as one page that shows all others, and with files. */
export const HASH_SITE = path.join(ARTIFACTS, 'hash-site');

export const PORTS = {extractive: 8171, model: 8172, chatkit: 8173, openai: 8174, variant: 8175, hash: 8176};
export const SCRIPT_URL = `http://127.0.0.1:${PORTS.chatkit}/chatkit-stand-in.js`;
