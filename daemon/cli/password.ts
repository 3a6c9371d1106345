/** Passwords come from a file, a terminal that shows nothing, or a pipe. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

const firstLineOf = async (input: NodeJS.ReadStream): Promise<string> => {
  for await (const line of createInterface({ input })) return line;
  return '';
};

const ask = (question: string): Promise<string> => {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => resolve(line));
    lines.once('SIGINT', () => reject(new Error('Stopped.')));
    lines.once('close', () => process.stderr.write('\n'));
  }).finally(() => lines.close()) as Promise<string>;
};

export const readPassword = async (question: string, file?: string): Promise<string> => {
  if (file !== undefined) return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  if (process.stdin.isTTY !== true) return firstLineOf(process.stdin);
  return ask(`${question}: `);
};
