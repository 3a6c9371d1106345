/**
 * `npm run build`: the packages as they are published, that of the daemon in dist/ and that of the kit in sdk/typescript/dist/.
 * `npm pack` and `npm publish` take them from there. `npm run build sdk/typescript` builds the one.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Package {
  /** Where its manifest and its `tsconfig.build.json` are; `dist` is made beside them. */
  folder: string;
  /** What it holds beside what is compiled, from the top of the repository, and where that is in the package. */
  copied: Record<string, string>;
}

const same = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, path]));

const packages: readonly Package[] = [
  {
    folder: '.',
    copied: same(
      ...['daemon', 'docs', 'plugin-protocol', 'plugins', 'sdk', 'bin/annelid.js', 'bin/node-24.js'],
      ...['LICENSE', 'README.md', 'CHANGELOG.md'],
    ),
  },
  { folder: 'sdk/typescript', copied: { LICENSE: 'LICENSE', 'sdk/typescript/README.md': 'README.md' } },
];

/** TypeScript is compiled but in templates, the kit in it is a package of its own, and what tests and interpreters leave behind stays here. */
const isCopied = (path: string) =>
  /sdk\/templates\/./.test(path) ||
  !/\.ts$|\.pyc$|__pycache__|node_modules|sdk\/typescript\/(dist|package\.json|tsconfig)/.test(path);

interface Manifest {
  exports: Record<string, string>;
  [field: string]: unknown;
}

/** The manifest without what only a checkout needs, its exports pointing at what was compiled, which lies as in the repository. */
const publishedManifest = (folder: string, manifest: Manifest) => {
  const { private: _, scripts: __, devDependencies: ___, allowScripts: ____, exports, ...published } = manifest;
  const compiled = Object.entries(exports).map(([name, path]) => {
    const base = `./${join(folder, path).replace(/\.ts$/, '')}`;
    return [name, path.endsWith('.ts') ? { types: `${base}.d.ts`, default: `${base}.js` } : path];
  });
  return { ...published, exports: Object.fromEntries(compiled) };
};

const root = fileURLToPath(new URL('..', import.meta.url));

/** Whether it could be compiled. */
const build = ({ folder, copied }: Package): boolean => {
  const dist = join(root, folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const { status } = spawnSync('tsc', ['-p', join(folder, 'tsconfig.build.json')], { cwd: root, stdio: 'inherit' });
  if (status !== 0) return false;
  for (const [from, to] of Object.entries(copied)) {
    cpSync(join(root, from), join(dist, to), { recursive: true, filter: isCopied });
  }
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(publishedManifest(folder, manifest), undefined, 2)}\n`);
  return true;
};

const asked = process.argv.slice(2);
for (const one of packages) {
  if (asked.length > 0 && !asked.includes(one.folder)) continue;
  if (!build(one)) process.exitCode = 1;
}
