/** What is held against everything that a plugin says, whatever is being looked at. */
import { compileCheck } from '../check.ts';
import {
  baseResults,
  type Description,
  Event,
  type LogLevel,
  LogLine,
  logLevels,
  Progress,
  TaskHandle,
} from '../contract/base.ts';
import { contract } from '../contract/index.ts';
import { faults, isFaultKind, kindFromCode, outcomes } from '../faults.ts';
import { nearest } from '../nearest.ts';
import { type Message, rpcCodes } from '../rpc/messages.ts';
import type { Shape } from '../shape.ts';
import { excerpt, type Ledger } from './verdict.ts';

/** A request that is under way. */
export interface Asked {
  method: string;
  /** How far it has come, as `$/progress` says. */
  percent: number;
  /** Whether it may be answered with a task. */
  acceptsTask: boolean;
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
const complaint = (shape: Shape, value: unknown): string | undefined => {
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

/** What the languages write when they show where something failed. */
const trace =
  /Traceback \(most recent call last\)|^\s*File ".*", line \d|\n\s+at \S|:\d+:in [`']|called at .* line \d/m;

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

const judgeError = (ledger: Ledger, method: string, error: unknown, relaxed: boolean) => {
  if (!isRecord(error)) {
    return ledger.enter('8.1', 'failure', `The error of ${method} is ${excerpt(error)}, and no object.`);
  }
  const { code, message, data } = error;
  if (!Number.isSafeInteger(code)) {
    return ledger.enter(
      '8.1',
      'failure',
      `The error of ${method} has ${excerpt(code)} as its code, which is no whole number.`,
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
  if (!relaxed) judgeErrorData(ledger, method, code as number, data);
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
};

/** Whether the answer is a task, which then stands in place of the result. */
const judgeTask = (ledger: Ledger, { method, acceptsTask }: Asked, result: unknown): boolean => {
  if (!isRecord(result) || !('task' in result)) return false;
  if (!acceptsTask) {
    ledger.enter('15.1', 'failure', `${method} is answered with a task, and ctx.accept has none.`);
  }
  const wrong = complaint(TaskHandle, result.task);
  if (wrong !== undefined) ledger.enter('15.1', 'failure', `The task of ${method} is wrong: ${wrong}`);
  const others = Object.keys(result).filter((name) => name !== 'task');
  if (others.length > 0)
    ledger.enter('15.1', 'failure', `${method} answers a task, and beside it ${others.join(', ')}.`);
  return true;
};

const judgeResult = (ledger: Ledger, asked: Asked, result: unknown, speaker: Speaker) => {
  const { method } = asked;
  const shape: Shape | undefined =
    baseResults[method as keyof typeof baseResults] ?? contract.get(method)?.result ?? speaker.published.get(method);
  if (shape === undefined || method === 'echo' || speaker.relaxed) return;
  if (contract.get(method)?.mutates && judgeTask(ledger, asked, result)) return;
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

const judgeProgress = (ledger: Ledger, params: unknown, call: Asked | undefined, speaker: Speaker) => {
  const wrong = complaint(Progress, params);
  if (wrong !== undefined) return ledger.enter('7.4', 'failure', `A $/progress is wrong: ${wrong}`);
  if (!speaker.description.features?.includes('progress')) {
    ledger.enter('7.4', 'failure', 'It sends $/progress, and describe does not name the feature progress.');
  }
  if (call === undefined) {
    return ledger.enter(
      '7.4',
      'failure',
      'A $/progress is of no call that is under way.',
      'Send the id of the request, and nothing once it has been answered.',
    );
  }
  const { percent } = params as Progress;
  if (percent === undefined) return;
  if (percent < call.percent) {
    ledger.enter(
      '7.4',
      'failure',
      `The progress of ${call.method} goes back from ${call.percent} to ${percent} percent.`,
    );
  }
  call.percent = Math.max(call.percent, percent);
};

const judgeEvent = (ledger: Ledger, params: unknown, { description, instances, relaxed }: Speaker) => {
  const wrong = complaint(Event, params);
  if (relaxed) return;
  if (wrong !== undefined) return ledger.enter('10.1', 'failure', `An $/event is wrong: ${wrong}`);
  const { type, vm, id, instance } = params as Event;
  if (type === 'vm.changed' && !vm)
    ledger.enter('10.1', 'failure', 'An event vm.changed comes without the machine in vm.');
  if (type === 'vm.deleted' && !id)
    ledger.enter('10.1', 'failure', 'An event vm.deleted comes without the id of the machine.');
  if (instance === undefined && description.features?.includes('instances')) {
    ledger.enter(
      '4.4',
      'failure',
      `An event ${type} does not name its instance.`,
      'A plugin with the feature instances puts ctx.instance into each event.',
    );
  }
  if (instance !== undefined && !instances.has(instance)) {
    ledger.enter(
      '4.4',
      'failure',
      `An event ${type} names the instance ${excerpt(instance)}, which was not configured.`,
    );
  }
};

const judgeLog = (ledger: Ledger, params: unknown, isUnderWay: (id: number) => boolean, { logLevel }: Speaker) => {
  const wrong = complaint(LogLine, params);
  if (wrong !== undefined) return ledger.enter('10.2', 'failure', `A $/log is wrong: ${wrong}`);
  const { level = 'info', id } = params as Partial<LogLine>;
  if (id !== undefined && !isUnderWay(id)) {
    ledger.enter(
      '10.4',
      'failure',
      'A $/log names a request that is not under way.',
      'id is that of the request that the line is about.',
    );
  }
  if (logLevels.indexOf(level) < logLevels.indexOf(logLevel)) {
    ledger.enter(
      '5.1',
      'warning',
      `It sends a line of the level ${level} where ctx.logLevel is ${logLevel}.`,
      'Leave out the lines that nobody wants.',
    );
  }
};

export const judgeNotification = (
  ledger: Ledger,
  method: string,
  params: unknown,
  calls: ReadonlyMap<unknown, Asked>,
  speaker: Speaker,
) => {
  const call = calls.get((params as { id?: unknown } | undefined)?.id);
  if (method === '$/progress') judgeProgress(ledger, params, call, speaker);
  else if (method === '$/event') judgeEvent(ledger, params, speaker);
  else if (method === '$/log') judgeLog(ledger, params, (id) => calls.has(id), speaker);
  else if (!method.startsWith('$/')) {
    ledger.enter(
      '2.3',
      'failure',
      `It sends the notification ${excerpt(method)}, which nobody knows.`,
      'Names of notifications begin with $/.',
    );
  }
};
