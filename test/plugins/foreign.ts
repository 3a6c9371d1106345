/** Servers that others wrote, as processes that end with the suite. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Compiles a program in C; answers its path. */
const compile = (source: string, folder: string, flags: readonly string[]): string => {
  const program = join(folder, 'server');
  execFileSync('gcc', ['-w', '-o', program, source, ...flags], { stdio: 'pipe' });
  return program;
};

const flagsOf = (program: string, ...words: string[]): string[] =>
  execFileSync(program, words, { encoding: 'utf8' }).split(/\s+/).filter(Boolean);

/** A server of xmlrpc-c's Abyss. */
export const abyssServer = (source: string, folder: string): string =>
  compile(source, folder, [...flagsOf('xmlrpc-c-config', 'abyss-server', '--cflags', '--libs')]);

/** A server from what gSOAP's `soapcpp2` makes of a header; answers the program, and the WSDL that it serves. */
export const gsoapServer = (header: string, source: string, folder: string): string => {
  execFileSync('soapcpp2', ['-S', '-c', '-x', header], { cwd: folder, stdio: 'pipe' });
  const sources = ['soapC.c', 'soapServer.c'].map((file) => join(folder, file));
  return compile(source, folder, ['-I', folder, ...sources, '-lgsoap']);
};

export interface Foreign {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/** Resolves with the port that a server says somewhere in a line, as `... 127.0.0.1:8000 ...` or `port 8000`. */
const portFrom = async (child: ChildProcess): Promise<number> => {
  const found = Promise.withResolvers<number>();
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr] as Readable[]) {
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line);
      const port = /(?:port |127\.0\.0\.1:)(\d+)/.exec(line)?.[1];
      if (port !== undefined) found.resolve(Number(port));
    });
  }
  void once(child, 'exit').then(() => found.reject(new Error(`The server ended:\n${said.join('\n')}`)));
  return found.promise;
};

/** Call it within `describe`: answers what starts servers for that suite, and a folder for what they need. */
export const foreignServers = () => {
  const running = new Set<ChildProcess>();
  const made = { folder: '' };
  before(async () => {
    made.folder = await mkdtemp(join(tmpdir(), 'annelid-foreign-'));
  });
  after(async () => {
    for (const child of running) child.kill('SIGKILL');
    await rm(made.folder, { recursive: true, force: true });
  });
  return {
    folder: () => made.folder,
    async start(program: string, ...args: string[]): Promise<Foreign> {
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      running.add(child);
      const exit = once(child, 'exit').then(() => running.delete(child));
      const port = await portFrom(child);
      return {
        port,
        pid: child.pid!,
        async stop() {
          child.kill('SIGKILL');
          await exit;
        },
      };
    },
  };
};
