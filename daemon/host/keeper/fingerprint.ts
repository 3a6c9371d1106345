/** How a plugin was started, part by part, so that a later daemon can say in what it would start it otherwise. */
import { createHmac } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Launch } from '../program/child.ts';

/** The digest of each part, by what a person calls the part. */
export type Fingerprint = Readonly<Record<string, string>>;

/** A digest that tells nothing to who lacks the token: what it is made of may hold secrets. */
export const sealed = (token: string, value: unknown): string =>
  createHmac('sha256', token).update(JSON.stringify(value)).digest('hex');

/** The command, what it names of files as they are now, the folder and the environment. */
export const fingerprintOf = async (launch: Launch, token: string): Promise<Fingerprint> => {
  const { command, folder, environment, ...others } = launch;
  const fileAt = async (word: string): Promise<[string, unknown][]> => {
    const path = resolve(folder ?? '', word);
    const found = await stat(path).catch(() => undefined);
    // Folders change with whatever is made in them.
    return found?.isFile() ? [[`the file ${path}`, [found.mtimeMs, found.size]]] : [];
  };
  const parts: [string, unknown][] = [
    ['the command', command],
    ...(await Promise.all(command.map(fileAt))).flat(),
    ['the folder', folder ?? null],
    ...Object.entries(environment).map(([name, value]): [string, unknown] => [`the variable ${name}`, value]),
    ['the sandbox', others],
  ];
  return Object.fromEntries(parts.map(([name, value]) => [name, sealed(token, value)]));
};

/** The parts that are not the same in both. */
export const differences = (one: Fingerprint, other: Fingerprint): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]);
