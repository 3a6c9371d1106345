/**
 * `npm run build`: the packages as they are published, that of the daemon in dist/ and that of the kit in sdk/typescript/dist/.
 * `npm pack` and `npm publish` take them from there. `npm run build sdk/typescript` builds the one.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

interface Package {
  /** Where its manifest and its `tsconfig.build.json` are; `dist` is made beside them. */
  folder: string;
  /** What it holds beside what is compiled, from the top of the repository, and where that is in the package. */
  copied: Record<string, string>;
  /** A program, with what it imports joined to few files: Node takes most of a start to find and read hundreds. */
  joined?: string;
}

const same = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, path]));

const packages: readonly Package[] = [
  {
    folder: '.',
    copied: same(
      ...['daemon', 'docs', 'plugin-protocol', 'plugins', 'sdk'],
      ...['bin/annelid.js', 'bin/collector.js', 'bin/node-24.js'],
      ...['LICENSE', 'README.md', 'CHANGELOG.md'],
    ),
    joined: 'daemon/cli/main.js',
  },
  { folder: 'sdk/typescript', copied: { LICENSE: 'LICENSE', 'sdk/typescript/README.md': 'README.md' } },
];

/** TypeScript is compiled but where plugins are made from it, the manifest of the kit is made, and what tests and interpreters leave behind stays here. */
const isCopied = (path: string) =>
  /sdk\/(templates|typescript\/examples)\/./.test(path) ||
  !/\.ts$|\.pyc$|__pycache__|node_modules|sdk\/typescript\/(dist|package\.json|tsconfig)/.test(path);

interface Manifest {
  exports: Record<string, string>;
  [field: string]: unknown;
}

/** Write the manifest of a folder to another, without what only a checkout needs; what it exports was compiled to `lies`, from there. */
const publishManifest = (folder: string, to: string, lies = folder) => {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  const { private: _, scripts: __, devDependencies: ___, allowScripts: ____, exports, ...published } = manifest;
  const compiled = Object.entries(exports).map(([name, path]) => {
    const base = `./${join(lies, path).replace(/\.ts$/, '')}`;
    return [name, path.endsWith('.ts') ? { types: `${base}.d.ts`, default: `${base}.js` } : path];
  });
  const text = JSON.stringify({ ...published, exports: Object.fromEntries(compiled) }, undefined, 2);
  writeFileSync(join(to, 'package.json'), `${text}\n`);
};

/** Each module goes by the place that it had, whichever file it is joined to. */
const placeKept = (folder: string): esbuild.Plugin => ({
  name: 'place-kept',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (!source.includes('import.meta.')) return undefined;
      const url = `new URL(${JSON.stringify(relative(folder, path))}, import.meta.url)`;
      const file = `process.getBuiltinModule('node:url').fileURLToPath(${url})`;
      const places = {
        url: `${url}.href`,
        filename: file,
        dirname: `process.getBuiltinModule('node:path').dirname(${file})`,
      };
      return {
        contents: source.replace(
          /import\.meta\.(url|filename|dirname)\b/g,
          (_, name: keyof typeof places) => places[name],
        ),
      };
    }),
});

const joinFrom = async (program: string): Promise<void> => {
  const folder = dirname(program);
  await esbuild.build({
    entryPoints: [program],
    outdir: folder,
    allowOverwrite: true,
    chunkNames: 'joined-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    plugins: [placeKept(folder)],
    logLevel: 'warning',
  });
};

const root = fileURLToPath(new URL('..', import.meta.url));

/** Whether it could be compiled. */
const build = async ({ folder, copied, joined }: Package): Promise<boolean> => {
  const dist = join(root, folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const { status } = spawnSync('tsc', ['-p', join(folder, 'tsconfig.build.json')], { cwd: root, stdio: 'inherit' });
  if (status !== 0) return false;
  for (const [from, to] of Object.entries(copied)) {
    cpSync(join(root, from), join(dist, to), { recursive: true, filter: isCopied });
  }
  publishManifest(folder, dist);
  // The kit is in the daemon's package, too: new plugins are linked to it.
  if (folder === '.') publishManifest('sdk/typescript', join(dist, 'sdk/typescript'), '.');
  if (joined !== undefined) await joinFrom(join(dist, joined));
  return true;
};

const asked = process.argv.slice(2);
for (const one of packages) {
  if (asked.length > 0 && !asked.includes(one.folder)) continue;
  if (!(await build(one))) process.exitCode = 1;
}
