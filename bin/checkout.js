/**
 * `node bin/checkout.js PROGRAM [ARGUMENTS]`: what every npm script of a checkout goes through. Installs the packages
 * that package-lock.json asks for when they are not there, then runs the program under Node 24 from npm's `node` package.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, nodeMissing, runInstead } from './node-24.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const packagesIn = (file) => {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
};

/**
 * npm notes what it installed in node_modules/.package-lock.json. Packages for other platforms are optional and are not
 * there. What is compared is content: git gives files the time of the checkout.
 */
const isInstalled = () => {
  const wanted = packagesIn('package-lock.json');
  const present = packagesIn('node_modules/.package-lock.json');
  if (wanted === undefined || present === undefined || !existsSync(join(root, 'node_modules/node/bin'))) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional, peer }]) =>
      path === '' || (present[path] === undefined ? optional || peer : present[path].version === version),
  );
};

const install = () => {
  console.error('Installing the packages of package-lock.json (the first time only, about a minute) ...');
  // Without warnings: npm finds the Node that runs it too old, although everything is run by the one it installs.
  const npm = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status === 0) return true;
  console.error(
    npm.error
      ? `npm cannot be run: ${npm.error.message}`
      : '\nThe packages could not be installed; what npm said is above. This needs the npm registry: is the network there, or a proxy to be set (npm config set proxy URL)?',
  );
  return false;
};

const run = ([program, ...args]) => {
  if (!isInstalled() && !install()) return 1;
  const node = findNode(root);
  if (node === undefined) {
    console.error(nodeMissing);
    return 1;
  }
  // So that programs started by it find this Node too, and not the one that may be too old.
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  runInstead(node, [join(root, program), ...args], { ...process.env, PATH: path });
  return 0;
};

process.exitCode = run(process.argv.slice(2));
