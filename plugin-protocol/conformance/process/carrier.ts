/** What is checked, and the streams to it: a program that is started, or a plugin that runs already. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect as connectPlain, type Socket } from 'node:net';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { type Address, serverNameOf } from '../../connection/address.ts';

/** PEM files. */
export interface TlsFiles {
  cert: string;
  key: string;
  ca: string;
}

/** A program, by its command and the folder that it is run in. */
export interface ProgramSubject {
  kind: 'program';
  command: readonly string[];
  folder: string | undefined;
  /** It connects by itself: over TLS with these, else over a unix socket. */
  dialIn?: { tls?: TlsFiles | undefined } | undefined;
}

/** A plugin that runs already. */
export interface AddressSubject {
  kind: 'address';
  address: Address;
  tls?: TlsFiles | undefined;
}

export type Subject = ProgramSubject | AddressSubject;

export interface Carrier {
  /** Of the process; undefined when it was not started here. */
  readonly pid: number | undefined;
  readonly input: Writable;
  readonly output: Readable;
  readonly errors: Readable | undefined;
  /** Resolves with the rest of a sentence about it. */
  readonly ended: Promise<string>;
  /** To its process group, or the end of the connection. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Hear nothing of it any more: what holds its streams when it has ended would keep this check from its own end. */
  release(): void;
}

/** It cannot be started or reached: there is nothing to check. */
export class NoPlugin extends Error {
  override name = 'NoPlugin';
}

/** More than this does not stand in the pipes of a process that has ended. */
const mostLeft = 2 ** 21;

/** What it wrote last is in the pipes when it has ended; a child of it may hold them open for ever, and write into them. */
const readToTheEnd = async ({ stdout, stderr }: ChildProcessWithoutNullStreams): Promise<void> => {
  let isFlowing = true;
  let bytes = 0;
  const streams = [stdout, stderr].filter(({ readableEnded }) => !readableEnded);
  const onData = (chunk: Buffer) => {
    isFlowing = true;
    bytes += chunk.length;
  };
  for (const stream of streams) stream.on('data', onData).resume();
  while (isFlowing && bytes < mostLeft && streams.some(({ readableEnded }) => !readableEnded)) {
    isFlowing = false;
    for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const stream of streams) stream.off('data', onData);
};

const longestFirstLine = 256;

/** The system says that the program is not there when what runs it is not. */
const missingInterpreter = (program: string, folder = '.'): string | undefined => {
  try {
    const [, interpreter] =
      /^#! *(\S+)/.exec(readFileSync(resolve(folder, program)).toString('latin1', 0, longestFirstLine)) ?? [];
    return interpreter === undefined || existsSync(interpreter)
      ? undefined
      : `there is no ${interpreter}, which its first line names`;
  } catch {
    return undefined;
  }
};

export const startProgram = async (
  { command, folder }: ProgramSubject,
  env: Record<string, string>,
): Promise<Carrier> => {
  const [program = '', ...args] = command;
  // A group of its own, as the host gives it.
  const child = spawn(program, args, {
    detached: true,
    env,
    stdio: 'pipe',
    ...(folder !== undefined && { cwd: folder }),
  });
  child.stdin.on('error', () => {});
  if (child.pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw new NoPlugin(`The plugin cannot be started: ${missingInterpreter(program, folder) ?? error.message}.`);
  }
  const { pid } = child;
  const ended = once(child, 'exit').then(async ([code, signal]) => {
    await readToTheEnd(child);
    return signal ? `was ended by ${signal}` : `ended with code ${code}`;
  });
  return {
    pid,
    input: child.stdin,
    output: child.stdout,
    errors: child.stderr,
    ended,
    kill(signal) {
      try {
        process.kill(-pid, signal);
      } catch {
        // Nothing is left of the group.
      }
    },
    release() {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      child.unref();
    },
  };
};

const open = async ({ address, tls }: AddressSubject): Promise<Socket> => {
  if (address.kind === 'unix') return connectPlain(address.path);
  if (tls === undefined) throw new NoPlugin('A plugin over TLS needs --cert, --key and --ca.');
  const [cert, key, ca] = await Promise.all([tls.cert, tls.key, tls.ca].map((file) => readFile(file)));
  const { host, port } = address;
  return connectTls({ host, port, cert, key, ca, minVersion: 'TLSv1.3', ...serverNameOf(host) });
};

export const connectTo = async (subject: AddressSubject): Promise<Carrier> => {
  const socket = await open(subject);
  try {
    await once(socket, subject.address.kind === 'unix' ? 'connect' : 'secureConnect');
  } catch (error) {
    throw new NoPlugin(`The plugin cannot be reached: ${(error as Error).message}.`);
  }
  let how = 'closed the connection';
  socket.on('error', ({ message }) => {
    how = `lost the connection: ${message}`;
  });
  return {
    pid: undefined,
    input: socket,
    output: socket,
    errors: undefined,
    ended: once(socket, 'close').then(() => how),
    kill: () => socket.destroy(),
    release: () => socket.destroy(),
  };
};
