/** What is held against the errors of answers. */
import { faults, isFaultKind, kindFromCode, outcomes } from '../../faults.ts';
import { rpcCodes } from '../../rpc/messages.ts';
import { nearest } from '../../text/nearest.ts';
import { excerpt, type Ledger } from '../report/verdict.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the languages write when they show where something failed. */
const trace =
  /Traceback \(most recent call last\)|^\s*File ".*", line \d|\n\s+at \S|:\d+:in [`']|called at .* line \d|\n\s+(?:while executing|invoked from within|\(procedure ")|^#\d+ \S+\(\d+\): |^goroutine \d+ \[|^stack backtrace:$/m;

/** What Perl appends to the words of `die` that end without a line break. */
const whereItDied = / at \S+ line \d+\.?\s*$/;

const textMembers = ['field', 'resource', 'hint', 'provider'] as const;

const judgeErrorData = (ledger: Ledger, method: string, code: number, data: unknown) => {
  if (data === undefined || data === null) return;
  const wrong = (what: string) => ledger.enter('8.3', 'failure', `The error of ${method} has ${what}.`);
  if (!isRecord(data)) return wrong(`${excerpt(data)} as data, which is no object`);
  const { kind, outcome, retryAfterMs, field } = data;
  if (kind !== undefined && !isFaultKind(kind)) {
    const meant = typeof kind === 'string' ? nearest(kind, Object.keys(faults)) : undefined;
    wrong(
      `the kind ${excerpt(kind)}, which is not in the table${meant === undefined ? '' : `; did it mean ${meant}?`}`,
    );
  } else if (isFaultKind(kind)) {
    const { code: own, interop } = faults[kind] as { code: number; interop?: number };
    if (code !== own && code !== interop) {
      ledger.enter(
        '8.2',
        'failure',
        `The error of ${method} has the code ${code} and the kind ${kind}, whose code is ${own}.`,
      );
    }
  }
  if (outcome !== undefined && !outcomes.some((known) => known === outcome)) {
    wrong(`the outcome ${excerpt(outcome)}; known are ${outcomes.join(', ')}`);
  }
  if (retryAfterMs !== undefined && !(Number.isSafeInteger(retryAfterMs) && Number(retryAfterMs) >= 0)) {
    wrong(`${excerpt(retryAfterMs)} as retryAfterMs, which is no number of milliseconds`);
  }
  for (const name of textMembers) {
    if (data[name] !== undefined && typeof data[name] !== 'string')
      wrong(`${excerpt(data[name])} as ${name}, which is no text`);
  }
  if (typeof field === 'string' && field !== '' && !field.startsWith('/')) {
    wrong(`${excerpt(field)} as field, which is no JSON Pointer: it begins with a slash`);
  }
};

/** `relaxed`: it was asked for nonsense, and what it says of that is not looked at so closely. */
export const judgeError = (ledger: Ledger, method: string, error: unknown, relaxed: boolean) => {
  if (!isRecord(error)) {
    return ledger.enter('8.1', 'failure', `The error of ${method} is ${excerpt(error)}, and no object.`);
  }
  const { code, message, data } = error;
  if (!Number.isSafeInteger(code)) {
    return ledger.enter(
      '8.1',
      'failure',
      `The error of ${method} has ${excerpt(JSON.stringify(code) ?? 'nothing')} as its code, which is no whole number.`,
    );
  }
  const isKnown =
    Object.values(rpcCodes).includes(code as number) ||
    kindFromCode(code as number) !== 'internal' ||
    code === 500 ||
    code === -32603;
  if (!isKnown) {
    ledger.enter(
      '8.2',
      'failure',
      `The error of ${method} has the code ${code}, which is not in the table.`,
      'Choose the row of the table that fits; 500 is for bugs.',
    );
  }
  if (typeof message !== 'string' || message.trim() === '') {
    ledger.enter(
      '8.1',
      'failure',
      `The error of ${method} has no message.`,
      'Say what is wrong and with what: users read it.',
    );
  } else if (trace.test(message)) {
    ledger.enter(
      '8.5',
      'failure',
      `The message of ${method} has a stack trace: ${excerpt(message)}`,
      'Write the trace to standard error, and a sentence into the message.',
    );
  }
  if (typeof message === 'string' && whereItDied.test(message)) {
    ledger.enter(
      '8.5',
      'warning',
      `The message of ${method} says where in its program it was: ${excerpt(message)}`,
      'End what you die with with a line break, die "...\\n", or take the place off: users read it.',
    );
  }
  if (!relaxed) judgeErrorData(ledger, method, code as number, data);
};
