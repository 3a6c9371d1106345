/** The log: JSON lines for machines, or plain lines for people, on one stream. */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { visible, visibleLines } from '../plugin-protocol/text/visible.ts';
import type { SettingValues } from './config/settings.ts';

/** Fields that hold secrets wherever they turn up. Parts log names and ids; this is the net below them. */
const secretFields = ['password', 'token', 'secret', 'authorization', 'config', 'headers'];
const redact = { paths: secretFields.flatMap((name) => [name, `*.${name}`]), censor: '(hidden)' };

const levelNames: Record<number, string> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const levelColours: Record<number, number> = { 20: 90, 30: 36, 40: 33, 50: 31, 60: 31 };

interface Line {
  level: number;
  time: number;
  msg: string;
  err?: { stack?: string; message?: string };
  cause?: { stack?: string; message?: string };
  [fact: string]: unknown;
}

const factText = (value: unknown) =>
  visible(typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value));

/** `12:00:00.000 warn  A sentence. connector=kvm1` and, below it, the stack of an error. Plugins word some of it. */
export const lineFromJson = (json: string, colour: boolean): string => {
  const { level, time, msg, err, cause, ...facts } = JSON.parse(json) as Line;
  const paint = (code: number, text: string) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  const name = (levelNames[level] ?? String(level)).padEnd(5);
  const details = Object.entries(facts).map(([fact, value]) => ` ${paint(90, `${fact}=`)}${factText(value)}`);
  const error = err ?? cause;
  const below = '    ';
  const trace = error ? `\n${below}${visibleLines(error.stack ?? error.message ?? '', below)}` : '';
  const clock = new Date(time).toISOString().slice(11, 23);
  return `${paint(90, clock)} ${paint(levelColours[level] ?? 0, name)} ${visibleLines(msg, below)}${details.join('')}${trace}\n`;
};

const linesTo = (stream: NodeJS.WriteStream) =>
  new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      stream.write(lineFromJson(chunk, stream.isTTY === true && !process.env.NO_COLOR), done);
    },
  });

export type DaemonLog = ReturnType<typeof createLog>;

/** A log on the standard error stream. `auto` means lines on a terminal and JSON elsewhere. */
export const createLog = ({ level, format }: SettingValues['log']) => {
  const asLines = format === 'lines' || (format === 'auto' && process.stderr.isTTY === true);
  const options = {
    level,
    base: null,
    redact,
    serializers: { err: pino.stdSerializers.err, cause: pino.stdSerializers.err },
  };
  // Written at once: the last lines before a crash are the ones that matter.
  const destination = asLines ? linesTo(process.stderr) : pino.destination({ fd: 2, sync: true });
  // Whoever read the log may go, and so may the terminal: no reason to end without order.
  const streams: NodeJS.EventEmitter[] = [process.stderr, destination];
  for (const stream of streams) stream.on('error', () => {});
  return pino(options, destination);
};
