/** Secrets in the configuration of connectors: what stands in the file is where a secret is, never the secret. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { hidden, isSecretName } from '../../plugin-protocol/secrets/names.ts';
import { isObject, pointerTo, type Report } from './settle.ts';

/** A secret is read once at start; what is longer is no password, token or key. */
const longestSecret = 64 * 1024;

interface Secrets {
  environment: NodeJS.ProcessEnv;
  /** The folder that file names are relative to. */
  folder: string;
  report: Report;
  /** Told the name of each environment variable that holds a secret. */
  onVariable?: (name: string) => void;
}

const readSecret = (
  from: unknown,
  pointer: string,
  { environment, folder, report, onVariable }: Secrets,
): string | undefined => {
  const [, scheme, name] = (typeof from === 'string' && /^(file|env):(.+)$/s.exec(from)) || [];
  if (scheme === undefined || name === undefined) {
    report(pointer, 'must be file:PATH or env:NAME');
    return undefined;
  }
  if (scheme === 'env') {
    const value = environment[name];
    onVariable?.(name);
    if (value === undefined) report(pointer, `names the environment variable ${name}, which is not set`);
    return value;
  }
  try {
    const text = readFileSync(resolve(folder, name), 'utf8');
    if (text.length <= longestSecret) return text.replace(/\r?\n$/, '');
    report(pointer, `names ${name}, which is longer than ${longestSecret} bytes`);
  } catch (cause) {
    report(pointer, `names ${name}, which cannot be read (${(cause as NodeJS.ErrnoException).code})`);
  }
  return undefined;
};

const isReference = (value: Record<string, unknown>) =>
  Object.keys(value).length === 1 && Object.hasOwn(value, 'secret');

/** The same value with each `{secret: file:PATH}` and `{secret: env:NAME}` replaced by the secret. */
export const resolveSecrets = (value: unknown, pointer: string, secrets: Secrets): unknown => {
  if (Array.isArray(value))
    return value.map((item, index) => resolveSecrets(item, pointerTo(pointer, `${index}`), secrets));
  if (!isObject(value)) return value;
  if (isReference(value)) return readSecret(value.secret, pointerTo(pointer, 'secret'), secrets);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, resolveSecrets(member, pointerTo(pointer, name), secrets)]),
  );
};

/** Secrets that are asked for by name: each reference as what it refers to. */
export const namedSecrets = (
  references: Readonly<Record<string, string>>,
  pointer: string,
  secrets: Secrets,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(references).flatMap(([name, from]) => {
      const value = readSecret(from, pointerTo(pointer, name), secrets);
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** The same value fit to be shown: references to secrets stay, and what is named like a secret is hidden. */
export const maskSecrets = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (!isObject(value) || isReference(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isSecretName(name) && !isObject(member) ? hidden : maskSecrets(member),
    ]),
  );
};

/** The strings of a configuration that stand where `isSecret` says so, by the name of the member, and behind references. */
const stringsIn = (given: unknown, open: unknown, isSecret: (name: string) => boolean, secret = false): string[] => {
  if (isObject(given) && isReference(given)) return stringsIn(open, open, isSecret, true);
  if (Array.isArray(given))
    return given.flatMap((item, at) => stringsIn(item, (open as unknown[])[at], isSecret, secret));
  if (isObject(given)) {
    return Object.entries(given).flatMap(([name, member]) =>
      stringsIn(member, (open as Record<string, unknown>)[name], isSecret, secret || isSecret(name)),
    );
  }
  return secret && open !== undefined && open !== null ? [String(open)] : [];
};

/** What is secret in a configuration: what its references stand for, and what is named like a secret. */
export const secretsIn = (given: unknown, open: unknown): string[] => stringsIn(given, open, isSecretName);

/** What its references stand for. */
export const referredIn = (given: unknown, open: unknown): string[] => stringsIn(given, open, () => false);
