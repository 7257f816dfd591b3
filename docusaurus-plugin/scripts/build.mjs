// Compiles the server part (CommonJS) and the browser part (ES modules) into lib/.
import {spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import path from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));

rmSync(path.join(root, 'lib'), {recursive: true, force: true});

// The browser part takes types from the server part, and so compiles those files too: the server
// part comes last, to leave them as CommonJS.
for (const project of ['tsconfig.client.json', 'tsconfig.json']) {
  const {status} = spawnSync(process.execPath, [tsc, '-p', project], {cwd: root, stdio: 'inherit'});
  if (status !== 0) {
    process.exit(1);
  }
}

// lib/ is CommonJS, these folders are not.
for (const folder of ['client', 'theme', 'panel']) {
  const target = path.join(root, 'lib', folder);
  mkdirSync(target, {recursive: true});
  writeFileSync(path.join(target, 'package.json'), '{"type": "module"}\n');
}

cpSync(path.join(root, 'src/theme'), path.join(root, 'lib/theme'), {
  recursive: true,
  filter: (source) => !path.extname(source) || source.endsWith('.css'),
});

// The modules that the theme adds to a site, for its TypeScript.
const declarations = path.join(root, 'lib/index.d.ts');
cpSync(path.join(root, 'src/plugin-docs-chat.d.ts'), path.join(root, 'lib/plugin-docs-chat.d.ts'));
writeFileSync(
  declarations,
  `/// <reference path="./plugin-docs-chat.d.ts" />\n${readFileSync(declarations, 'utf8')}`,
);
