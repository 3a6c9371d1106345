/** What is held against lines that are no messages, and against what stands before one. */
import type { Message } from '../../rpc/messages.ts';
import { excerpt, Failure, type Ledger } from '../report/verdict.ts';
import { notNumberIn } from './not-numbers.ts';

/** Takes a request for answered; undefined when it is none that is under way. */
type Settle = (id: number) => { method: string; reject(failure: Failure): void } | undefined;

const printAdvice = 'Print to standard error; or move the real standard output away, as the kits do.';

/** A part of a message, and no message: somebody else has written meanwhile. */
const enterBroken = (ledger: Ledger, text: string) =>
  ledger.enter(
    '1.1',
    'failure',
    `It writes messages into one another, and so none: ${excerpt(text)}`,
    'Write each line as a whole, with its line break, and one after the other: under a lock where several threads write.',
  );

export const judgeGlued = (ledger: Ledger, noise: string) => {
  if (noise.includes('"jsonrpc"')) return enterBroken(ledger, noise);
  if (noise === '\uFEFF') {
    const said = 'A byte order mark stands before its first message.';
    return ledger.enter('2.2', 'warning', said, 'Write UTF-8 without one.');
  }
  const said = `Text without a line break is glued to a message: ${excerpt(noise)}`;
  ledger.enter('2.2', 'warning', said, printAdvice);
};

const judgeSpoilt = (
  ledger: Ledger,
  line: string,
  { word, message: { id, method } }: NonNullable<ReturnType<typeof notNumberIn>>,
  settle: Settle,
) => {
  const said = `It writes ${word}, which JSON does not have, and so no message: ${excerpt(line)}`;
  ledger.enter('1.7', 'failure', said, 'Leave out what is not known.');
  const pending = typeof id === 'number' && method === undefined ? settle(id) : undefined;
  pending?.reject(new Failure(said));
};

/** What was meant as a message, and is none, is worse than a print. */
export const judgeNoise = (ledger: Ledger, line: string, settle: Settle) => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // No JSON at all.
  }
  if (Array.isArray(value) && value.some((one) => one?.jsonrpc === '2.0')) {
    const said = `It writes a batch, and there are none: ${excerpt(line)}`;
    return ledger.enter('1.2', 'failure', said, 'Write each message as a line of its own.');
  }
  const spoilt = value === undefined ? notNumberIn(line) : undefined;
  if (spoilt !== undefined) return judgeSpoilt(ledger, line, spoilt, settle);
  const { id, method } = (typeof value === 'object' && value !== null ? value : {}) as Message;
  const pending = typeof id === 'number' && method === undefined ? settle(id) : undefined;
  if (pending !== undefined || (typeof method === 'string' && method.startsWith('$/'))) {
    const what = pending === undefined ? `A ${method}` : `Its answer to ${pending.method}`;
    const said = `${what} lacks "jsonrpc":"2.0", and so is no message: ${excerpt(line)}`;
    ledger.enter('1.2', 'failure', said);
    pending?.reject(new Failure(said, 'Each message has "jsonrpc":"2.0".'));
    return;
  }
  if (value === undefined && line.includes('"jsonrpc"') && line.includes('"id"')) return enterBroken(ledger, line);
  ledger.enter('2.1', 'warning', `It prints a line that is no message: ${excerpt(line)}`, printAdvice);
};
