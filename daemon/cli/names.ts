/** How the catalogue's names look on the command line. */

import type { Shape } from '../../plugin-protocol/shape.ts';
import type { Method } from '../catalogue/method.ts';
import { paramsOf } from '../catalogue/method.ts';
import { isObject } from '../config/settle.ts';

/** `powerOff` as `power-off`, `memoryMiB` as `memory-mib`. */
export const kebab = (name: string): string =>
  name
    .replaceAll('MiB', 'Mib')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

/** The two words of a method: `vm.powerOff` is `annelid vm power-off`. */
export const wordsOf = (method: string): [noun: string, verb: string] => {
  const [noun = '', verb = ''] = method.split('.');
  return [noun, kebab(verb)];
};

const repeated = (shape: Shape) => shape['x-kind'] === 'list' || shape['x-kind'] === 'map';

/** The flag of a parameter; what can be given several times is named in the singular: `--label`, `--disk`. */
export const flagOf = (name: string, shape: Shape): string =>
  `--${kebab(repeated(shape) ? name.replace(/s$/, '') : name)}`;

/** A password has no place in the list of processes: it is asked for, or read from a pipe. */
const isPassword = (name: string): boolean => name === 'password';

/** Parameters that stand without a flag: those that must be given. */
export const positionalsOf = (method: Method) =>
  paramsOf(method).filter(([name, , required]) => required && !isPassword(name));

export const flaggedOf = (method: Method) => paramsOf(method).filter(([, , required]) => !required);

export const passwordsOf = (method: Method) =>
  paramsOf(method).filter(([name, , required]) => required && isPassword(name));

/** A word for a POSIX shell. */
export const wordFor = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const memberText = (value: unknown) =>
  isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);

const flagText = (name: string, shape: Shape, value: unknown): string[] => {
  const flag = flagOf(name, shape);
  if (typeof value === 'boolean') return [value ? flag : flag.replace('--', '--no-')];
  if (Array.isArray(value)) return value.map((item) => `${flag} ${wordFor(memberText(item))}`);
  if (shape['x-kind'] === 'map') {
    return Object.entries(value as Record<string, string>).map(([key, text]) => `${flag} ${wordFor(`${key}=${text}`)}`);
  }
  return [`${flag} ${wordFor(memberText(value))}`];
};

/** The command that makes a call: its words, then parameters in catalogue order. */
export const commandLineOf = (
  method: Method,
  params: Record<string, unknown>,
  words: readonly string[] = wordsOf(method.name),
): string => {
  const given = (of: ReturnType<typeof paramsOf>) =>
    of.filter(([name]) => Object.hasOwn(params, name) && params[name] !== undefined);
  return [
    'annelid',
    ...words,
    ...given(positionalsOf(method)).map(([name]) => wordFor(memberText(params[name]))),
    ...given(flaggedOf(method)).flatMap(([name, shape]) => flagText(name, shape, params[name])),
  ].join(' ');
};
