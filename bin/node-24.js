/** Runs a program under Node 24 whatever Node this is. Plain JavaScript that Node 20 understands, without dependencies. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const needed = 24;

export const isNewEnough = Number(process.versions.node.split('.')[0]) >= needed;

/** The Node that npm's `node` package brought, as the package at `root` sees it. */
const nodeFromNpm = (root) => {
  try {
    const program = join(
      dirname(createRequire(join(root, 'package.json')).resolve('node/package.json')),
      'bin',
      process.platform === 'win32' ? 'node.exe' : 'node',
    );
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
};

/** The path of a Node that is new enough, or undefined. */
export const findNode = (root) => nodeFromNpm(root) ?? (isNewEnough ? process.execPath : undefined);

export const nodeMissing = `Annelid needs Node ${needed} or later, and this is Node ${process.versions.node}. Install Node ${needed}, or put it beside this package: npm install node@${needed}`;

/** Become that program, as far as one process can: its streams, its signals, and in the end its exit code. */
export const runInstead = (node, args, environment = process.env) => {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], { stdio: 'inherit', env: environment });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${node} cannot be run: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
};
