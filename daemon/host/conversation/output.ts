/** What a plugin prints, logs and reports beside its answers. */

import { compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { Event, type LogLevel, LogLine, logLevels } from '../../../plugin-protocol/contract/base.ts';
import type { RequestId } from '../../../plugin-protocol/rpc/messages.ts';
import type { Clock, Log, PluginLine } from '../../core/ports.ts';
import { createRateGate } from '../rate.ts';

export interface Output {
  /** A line on standard error; `id` is that of the request that it belongs to, where that is known. */
  error(line: string, id?: RequestId): void;
  /** Text on standard output that is no message for us. */
  noise(text: string, why: string): void;
  notification(method: string, params: unknown): void;
  /** What of the last lines on standard error, all or those of one request, the log has not been given: for the report of a crash. */
  unlogged(id?: RequestId): string[];
  /** The line on standard error that most likely says why the plugin ended. */
  lastWords(id?: RequestId): string | undefined;
}

/** What the log says of the process with each line. */
export interface ProcessFacts {
  plugin: string;
  /** The instance, when it serves one alone. */
  connector?: string;
}

const errorsKept = 200;
const noisePerSecond = 10;
const linesPerSecond = 1000;
const noiseShown = 512;
const wordsShown = 300;
/** Lines of a trace that say where and not what: indented, brackets and carets alone, and what Node ends with. */
const saysNothing = /^\s|^[\s^~{}[\]().,;]*$|^Node\.js v[0-9]/;

const checkLogLine = compileCheck(LogLine, { lenient: true });
const checkEvent = compileCheck(Event, { lenient: true });

/** What is wrong with an event though each of its members is right. */
export const lackOf = ({ type, vm, id }: Omit<Event, 'instance'>): string | undefined => {
  if (type === 'vm.changed' && !vm) return 'is vm.changed without vm';
  return type === 'vm.deleted' && !id ? 'is vm.deleted without id' : undefined;
};

const isLevel = (level: unknown): level is LogLevel => logLevels.some((known) => known === level);
/** Loggers that write JSON number their levels as 20, 30, 40, 50. */
const levelFrom = (level: unknown): LogLevel => {
  if (typeof level === 'number') return logLevels[Math.min(3, Math.max(0, Math.floor(level / 10) - 2))] ?? 'info';
  const word = typeof level === 'string' ? level.toLowerCase() : '';
  return word === 'warning' ? 'warn' : isLevel(word) ? word : 'info';
};

const parseErrorLine = (line: string): { level: LogLevel; text: string } => {
  if (line.startsWith('{')) {
    try {
      const { level, msg, message = msg } = JSON.parse(line);
      if (level !== undefined && typeof message === 'string') return { level: levelFrom(level), text: message };
    } catch {
      // Plain text that begins with a brace.
    }
  }
  return { level: 'info', text: line };
};

export const createOutput = (
  log: Log,
  about: () => ProcessFacts,
  /** Lines below this level do not get into the log. */
  least: LogLevel,
  clock: Clock,
  onEvent: (instance: string | undefined, event: Omit<Event, 'instance'>) => void,
  onLine: (
    line: Omit<PluginLine, 'among'>,
    about: { id?: RequestId | undefined; instance?: string | undefined },
  ) => void,
): Output => {
  const errors: { text: string; logged: boolean; id: RequestId | undefined }[] = [];
  const errorsOf = (id: RequestId | undefined) => (id === undefined ? errors : errors.filter((of) => of.id === id));
  const suppressed = (lines: number) =>
    log.warn({ ...about(), lines }, 'The plugin writes too much; lines were left out.');
  const maySayNoise = createRateGate(noisePerSecond, clock.now, suppressed);
  const mayLog = createRateGate(linesPerSecond, clock.now, suppressed);

  const noise = (text: string, why: string) => {
    if (maySayNoise()) log.warn({ ...about(), text: text.slice(0, noiseShown), why }, 'stdout noise');
  };
  /** Notifications that are wrong are told like noise: an author must see them, and nothing breaks. */
  const checked = (check: (value: unknown) => unknown, method: string, params: unknown): unknown => {
    try {
      return check(params);
    } catch (error) {
      noise(JSON.stringify(params) ?? '', `is no right ${method}: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  };

  return {
    error(line, id) {
      const { level, text } = parseErrorLine(line);
      const may = mayLog();
      errors.push({ text, logged: may && logLevels.indexOf(level) >= logLevels.indexOf(least), id });
      if (errors.length > errorsKept) errors.shift();
      if (!may) return;
      log[level](about(), text);
      onLine({ level, message: text }, id === undefined ? {} : { id });
    },
    noise,
    notification(method, params) {
      if (method === '$/log') {
        const line = checked(checkLogLine, method, params) as LogLine | undefined;
        if (line === undefined || !mayLog()) return;
        const { level, message, instance } = line;
        log[level]({ ...about(), ...(instance === undefined ? {} : { connector: instance }) }, message);
        onLine({ level, message }, line);
      } else if (method === '$/event') {
        const event = checked(checkEvent, method, params) as Event | undefined;
        if (event === undefined) return;
        const { instance, ...rest } = event;
        const lack = lackOf(rest);
        if (lack === undefined) onEvent(instance, rest);
        else noise(JSON.stringify(params), lack);
      } else if (!method.startsWith('$/')) {
        noise(method, 'is a notification that is not known');
      }
    },
    unlogged: (id) => errorsOf(id).flatMap(({ text, logged }) => (logged ? [] : [text])),
    lastWords: (id) =>
      errorsOf(id)
        .findLast(({ text }) => !saysNothing.test(text))
        ?.text.slice(0, wordsShown),
  };
};
