/** What is held against the lines, answers and requests of a plugin, whatever is being looked at. */
import { compileCheck } from '../../check/compile.ts';
import { BlobHandle, baseResults, type Description, type LogLevel, TaskHandle } from '../../contract/base.ts';
import { hostCalls, Need } from '../../contract/host.ts';
import { contract } from '../../contract/index.ts';
import type { Message } from '../../rpc/messages.ts';
import type { Shape } from '../../shape.ts';
import { nearest } from '../../text/nearest.ts';
import { excerpt, type Ledger } from '../report/verdict.ts';
import { judgeError } from './judge-errors.ts';

/** A request that is under way. */
export interface Asked {
  method: string;
  /** How far it has come, as `$/progress` says. */
  percent: number;
  /** What may be answered in place of a result: `task`, `need`, `blob`. */
  accept: readonly string[];
}

/** What is known of the plugin while it talks. */
export interface Speaker {
  description: Partial<Description>;
  /** The instances that were configured. */
  instances: ReadonlySet<string>;
  logLevel: LogLevel;
  relaxed: boolean;
  /** The shapes of what its own methods answer, by their names. */
  published: ReadonlyMap<string, Shape>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The sentence of a check that fails; undefined when the value is right. */
export const complaint = (shape: Shape, value: unknown): string | undefined => {
  try {
    compileCheck(shape, { lenient: true })(value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** Members that a shape does not have, by their pointers; indexes are left open, so that a list has each once. */
const strays = (shape: Shape, value: unknown, pointer = ''): { at: string; meant: string | undefined }[] => {
  if (shape['x-kind'] === 'list' && Array.isArray(value)) {
    return value.flatMap((item) => strays(shape.items, item, `${pointer}/*`));
  }
  if (shape['x-kind'] !== 'record' || !isRecord(value)) return [];
  const known = Object.keys(shape.properties);
  return Object.entries(value).flatMap(([name, member]) =>
    known.includes(name)
      ? strays(shape.properties[name]!, member, `${pointer}/${name}`)
      : [{ at: `${pointer}/${name}`, meant: nearest(name, known) }],
  );
};

/** Whole numbers that JavaScript, and so the host, reads as others. */
const unsafeNumbers = (line: string): string[] => {
  const found: string[] = [];
  JSON.parse(line, (_name, value, { source = '' }: { source?: string } = {}) => {
    if (typeof value !== 'number') return value;
    if (!Number.isFinite(value) || (/^-?[0-9]+$/.test(source) && !Number.isSafeInteger(value))) found.push(source);
    return value;
  });
  return found;
};

/** The clause that says what a call answers. */
const clauseOfResult: Record<string, string> = {
  describe: '4.2',
  configure: '6.2',
  probe: '6.3',
  drain: '6.4',
  echo: '6.5',
  find: '9.2',
  'events.pull': '14.2',
  'task.get': '15.2',
  'task.cancel': '15.5',
  'blob.read': '17.2',
  'blob.write': '17.3',
};

/** What stands in place of a result, by its name, with the clause about it. */
const inPlace = {
  task: { clause: '15.1', shape: TaskHandle },
  need: { clause: '16.6', shape: Need },
  blob: { clause: '17.1', shape: BlobHandle },
} as const;

/** Whether the answer is a task, a need or a blob, which then stands in place of the result. */
const judgeInPlace = (ledger: Ledger, { method, accept }: Asked, result: unknown): boolean => {
  if (!isRecord(result)) return false;
  const name = (Object.keys(inPlace) as (keyof typeof inPlace)[]).find((one) => one in result);
  if (name === undefined) return false;
  const { clause, shape } = inPlace[name];
  if (!accept.includes(name)) {
    ledger.enter(clause, 'failure', `${method} is answered with a ${name}, and ctx.accept has none.`);
  }
  const wrong = complaint(shape, result[name]);
  if (wrong !== undefined) ledger.enter(clause, 'failure', `The ${name} of ${method} is wrong: ${wrong}`);
  const others = Object.keys(result).filter((other) => other !== name);
  if (others.length > 0)
    ledger.enter(clause, 'failure', `${method} answers a ${name}, and beside it ${others.join(', ')}.`);
  return true;
};

/** What a call answers; undefined where nothing is said of that. */
export const shapeOfResult = (method: string, published: Speaker['published']): Shape | undefined =>
  baseResults[method as keyof typeof baseResults] ?? contract.get(method)?.result ?? published.get(method);

const judgeResult = (ledger: Ledger, asked: Asked, result: unknown, speaker: Speaker) => {
  const { method } = asked;
  const shape = shapeOfResult(method, speaker.published);
  if (shape === undefined || method === 'echo' || speaker.relaxed) return;
  if ((contract.has(method) || asked.accept.length > 0) && judgeInPlace(ledger, asked, result)) return;
  const clause = clauseOfResult[method] ?? (contract.has(method) ? '7.3' : '13.5');
  const wrong = complaint(shape, result);
  if (wrong !== undefined) {
    return ledger.enter(
      clause,
      'failure',
      `What ${method} answers is wrong: ${wrong}`,
      `It answered ${excerpt(result, 300)}`,
    );
  }
  for (const { at, meant } of strays(shape, result)) {
    const hint = meant === undefined ? '' : ` Did it mean ${meant}?`;
    ledger.enter(clause, 'warning', `${method} answers ${at}, which the contract does not have: it is dropped.${hint}`);
  }
};

export const judgeAnswer = (ledger: Ledger, asked: Asked, message: Message, speaker: Speaker) => {
  const hasError = message.error !== undefined && message.error !== null;
  if (hasError && message.result !== undefined && message.result !== null) {
    ledger.enter('8.1', 'failure', `The answer to ${asked.method} has both a result and an error.`);
  } else if (hasError) {
    judgeError(ledger, asked.method, message.error, speaker.relaxed);
  } else if (!('result' in message)) {
    ledger.enter('1.2', 'failure', `The answer to ${asked.method} has neither a result nor an error.`);
  } else {
    judgeResult(ledger, asked, message.result, speaker);
  }
};

/** The members of a line that is read as a message. */
export const judgeLine = (ledger: Ledger, line: string) => {
  // Longer ones hold blobs, whose numbers are not looked for.
  if (line.length > 1_048_576) return;
  try {
    for (const source of unsafeNumbers(line)) {
      ledger.enter(
        '1.7',
        'failure',
        `It sends the number ${excerpt(source, 40)}, which is beyond 2^53 and loses digits.`,
        'Send counters as strings of decimal digits.',
      );
    }
  } catch {
    // Noise stands before the message; that is told elsewhere.
  }
};

/** Whether a request of the plugin can be answered; what is wrong with it otherwise is entered. */
export const judgeRequest = (
  ledger: Ledger,
  method: string,
  params: unknown,
  calls: ReadonlyMap<unknown, Asked>,
): boolean => {
  if (!Object.hasOwn(hostCalls, method)) {
    const meant = nearest(method, Object.keys(hostCalls));
    ledger.enter(
      '16.1',
      'warning',
      `It asks for ${excerpt(method)}, which the host does not have.${meant === undefined ? '' : ` Did it mean ${meant}?`}`,
    );
    return false;
  }
  const wrong = complaint(hostCalls[method as keyof typeof hostCalls].params, params);
  if (wrong !== undefined) {
    ledger.enter('16.1', 'failure', `What it asks of ${method} is wrong: ${wrong}`);
    return false;
  }
  if (calls.has((params as { call: number }).call)) return true;
  ledger.enter(
    '16.1',
    'failure',
    `It asks for ${method}, and names no call that is under way.`,
    'call is the id of the request that it is for.',
  );
  return false;
};
