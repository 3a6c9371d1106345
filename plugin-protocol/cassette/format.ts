/**
 * A cassette: a conversation between a host and a plugin as text, one line a message, as in the samples of PROTOCOL.md.
 *
 *     # annelid cassette 1
 *     # volatile: created, /items/0/addresses
 *     -> {"jsonrpc":"2.0","id":7,"method":"describe","params":{}}
 *     <- {"jsonrpc":"2.0","id":7,"result":{"proto":[1],"name":"demo","version":"0.1","methods":[]}}
 *     2> what the plugin wrote on standard error
 *     !! what it wrote on standard output that is no message
 *
 * Lines beginning with `#` are comments, but for `# volatile:`, which names members that are another value each time.
 */
import type { Message } from '../rpc/messages.ts';

export type Side = 'host' | 'plugin' | 'error' | 'noise';

const sideByMark: ReadonlyMap<string, Side> = new Map([
  ['->', 'host'],
  ['<-', 'plugin'],
  ['2>', 'error'],
  ['!!', 'noise'],
]);
export const markOf = Object.fromEntries([...sideByMark].map(([mark, side]) => [side, mark])) as Record<Side, string>;

export interface CassetteLine {
  from: Side;
  /** As it was said. */
  text: string;
  /** Of a line of the host or the plugin. */
  message: Message;
  /** Its number in the text, counted from 1. */
  line: number;
}

export interface Cassette {
  lines: CassetteLine[];
  /** Members that are another value each time: names, or JSON Pointers into results and parameters. */
  volatile: string[];
}

/** A text that is no cassette; says where. */
export class CassetteError extends Error {
  override name = 'CassetteError';
}

const version = 1;

export const cassetteHead = (about: string): string => `# annelid cassette ${version}\n# ${about}\n`;

/** Each on one line, whatever is in it: what is no message may hold anything. */
export const cassetteLine = (from: Side, text: string): string =>
  `${markOf[from]} ${text.replaceAll(/[\r\n]/g, (sign) => (sign === '\n' ? '\\n' : '\\r'))}\n`;

const nothing: Message = { jsonrpc: '2.0' };

const messageFrom = (text: string, fail: (why: string) => never): Message => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail(`is no JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || (value as Message).jsonrpc !== '2.0') {
    return fail('is no message: it must be an object with "jsonrpc":"2.0"');
  }
  return value as Message;
};

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** `name` is where the text is from, for errors. Throws `CassetteError`. */
export const readCassette = (text: string, name = 'The cassette'): Cassette => {
  const cassette: Cassette = { lines: [], volatile: [] };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const number = index + 1;
    const fail = (why: string): never => {
      throw new CassetteError(`${name}:${number}: the line ${why}.`);
    };
    if (line.trim() === '') continue;
    if (line.startsWith('#')) {
      const [, word, rest = ''] = /^#\s*(volatile:|annelid cassette)\s*(.*)$/.exec(line) ?? [];
      if (word === 'volatile:') cassette.volatile.push(...listOf(rest));
      else if (word !== undefined && rest !== String(version)) fail(`is of another version than ${version}`);
      continue;
    }
    const from = sideByMark.get(line.slice(0, 2));
    if (from === undefined) fail('begins with none of ->, <-, 2>, !! and #');
    else {
      const said = line.slice(3);
      const isMessage = from === 'host' || from === 'plugin';
      cassette.lines.push({ from, text: said, message: isMessage ? messageFrom(said, fail) : nothing, line: number });
    }
  }
  return cassette;
};
