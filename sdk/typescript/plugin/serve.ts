/** Serves a plugin over the standard streams of this process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { createLineReader, createLineWriter } from '../../../plugin-protocol/rpc/lines.ts';
import type { Calls, CallsFactory, ServeOptions } from './calls.ts';
import { createSession, describePlugin } from './session.ts';

/** The longest line that is read; the host keeps to less (`limits.plugins.lineToPlugin`). */
const maxBytes = 64 * 1024 * 1024;
/** How long calls may go on once the host has closed the pipe, and once they were cancelled. */
const graceMs = 2000;
/** Characters of what is reported: escaped, they stay within the 8 KiB that the daemon reads of a line. */
const traceLength = 2000;

/**
 * Serve `calls`, or those that a factory makes for each configured instance, until the host closes the pipe or sends
 * SIGTERM; the process then ends. With `--describe` among its arguments it prints what `describe` answers and ends.
 *
 * From here on standard output belongs to the protocol: whatever the program prints goes to standard error, that is to
 * the daemon's log. What a call throws that is no `Fault` goes there as an error, and the caller is only told that it failed.
 */
export const serve = async <Config = Record<string, unknown>>(
  name: string,
  calls: Calls | CallsFactory<Config>,
  options: ServeOptions = {},
): Promise<void> => {
  const table = calls as Calls | CallsFactory;
  const { stdin, stdout, stderr } = process;
  const print = stdout.write.bind(stdout);
  if (process.argv.includes('--describe')) {
    print(`${JSON.stringify(describePlugin(name, table, options))}\n`);
    return;
  }
  stdout.write = stderr.write.bind(stderr);
  // The host is gone: nobody is left to answer to.
  stdout.on('error', () => process.exit(0));

  const writer = createLineWriter(print);
  // One line, so that the daemon logs the whole trace once and at its level; cut, so that the line is taken as a whole.
  const report = (cause: unknown, what: string) =>
    stderr.write(
      `${JSON.stringify({ level: 'error', message: `${what} failed: ${inspect(cause)}`.slice(0, traceLength) })}\n`,
    );
  const session = createSession(name, table, options, writer.write, report);
  const reader = createLineReader({
    maxBytes: () => maxBytes,
    onLine: session.receive,
    onTooLong: () => console.error(`A line of more than ${maxBytes} bytes was discarded.`),
  });

  const ended = Promise.withResolvers<'eof' | 'signal'>();
  stdin.on('data', reader.push);
  stdin.on('end', () => {
    reader.end();
    ended.resolve('eof');
  });
  process.on('SIGTERM', () => ended.resolve('signal'));

  // A program that feeds a few lines and closes the pipe wants their answers, so calls under way may end first.
  if ((await ended.promise) === 'eof') await Promise.race([session.idle(), sleep(graceMs)]);
  session.cancelAll('The plugin is stopping.');
  await Promise.race([session.idle(), sleep(graceMs)]);
  writer.flush();
  process.exit(0);
};
