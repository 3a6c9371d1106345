/** `npm run build`: the package as it is published, in dist/. `npm pack ./dist` and `npm publish ./dist` take it from there. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const folders = ['daemon', 'docs', 'plugin-protocol', 'plugins', 'sdk'];
const files = ['bin/annelid.js', 'bin/node-24.js', 'LICENSE', 'README.md', 'CHANGELOG.md'];

/** TypeScript is compiled; what tests and interpreters leave behind stays here. */
const isCopied = (path: string) => !/\.ts$|\.pyc$|__pycache__|node_modules/.test(path);

interface Manifest {
  exports: Record<string, string>;
  [field: string]: unknown;
}

/** The manifest without what only a checkout needs, its exports pointing at what was compiled. */
const publishedManifest = (manifest: Manifest) => {
  const { private: _, scripts: __, devDependencies: ___, allowScripts: ____, exports, ...published } = manifest;
  const compiled = Object.entries(exports).map(([name, path]) => {
    const base = path.replace(/\.ts$/, '');
    return [name, base === path ? path : { types: `${base}.d.ts`, default: `${base}.js` }];
  });
  return { ...published, exports: Object.fromEntries(compiled) };
};

rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (status === 0) {
  for (const folder of folders) {
    cpSync(join(root, folder), join(dist, folder), { recursive: true, filter: isCopied });
  }
  mkdirSync(join(dist, 'bin'), { recursive: true });
  for (const file of files) cpSync(join(root, file), join(dist, file));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(publishedManifest(manifest), undefined, 2)}\n`);
} else {
  process.exitCode = 1;
}
