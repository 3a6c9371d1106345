#!/usr/bin/env node
/** The command `annelid`, from the built package or from a checkout. */
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { findNode, isNewEnough, nodeMissing, runInstead } from './node-24.js';

/**
 * How the daemon's garbage is collected: on its own thread, since helpers take the processor from it when there are few;
 * of the young a little at a time; and of the old not before there is some. A collection then stops small calls for 1 to
 * 5 ms while a long one is read, and without these for 10 to 25. They count from the very start of Node alone.
 */
const collector = ['--single-threaded-gc', '--max-semi-space-size=4', '--initial-old-space-size=256'];
const isDaemon = process.argv.includes('serve');
const self = fileURLToPath(import.meta.url);

if (isNewEnough && isDaemon && process.execve !== undefined && !process.execArgv.includes(collector[0])) {
  // What the caller says to Node comes later, and so has the last word. Node replaces itself: the process stays the same.
  process.execve(process.execPath, [
    process.execPath,
    ...collector,
    ...process.execArgv,
    self,
    ...process.argv.slice(2),
  ]);
}
if (isNewEnough) {
  const source = new URL('../daemon/cli/main.ts', import.meta.url);
  const inCheckout = existsSync(source);
  // Halves the time that a command takes (300 to 150 ms): the sources are compiled once, not at every start.
  module.enableCompileCache(
    inCheckout ? fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)) : undefined,
  );
  await import(inCheckout ? source.href : new URL('../daemon/cli/main.js', import.meta.url).href);
} else {
  const node = findNode(fileURLToPath(new URL('..', import.meta.url)));
  if (node === undefined) {
    console.error(nodeMissing);
    process.exitCode = 1;
  } else {
    runInstead(node, [...(isDaemon ? collector : []), self, ...process.argv.slice(2)]);
  }
}
