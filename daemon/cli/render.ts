/** Results for people: lists as tables, records as lines. Scripts take `--json`. */
import { visible } from '../../plugin-protocol/text/visible.ts';
import type { Method } from '../catalogue/method.ts';
import { isObject } from '../config/settle.ts';

/** Columns of a list when none are asked for, by noun; the rest is there with `--columns` and `--json`. */
export const defaultColumns: Record<string, readonly string[]> = {
  vm: ['name', 'state', 'vcpus', 'memoryMiB', 'addresses', 'connector', 'account', 'id'],
  host: ['name', 'state', 'vcpus', 'memoryMiB', 'freeMemoryMiB', 'hypervisor', 'connector', 'id'],
  image: ['name', 'format', 'sizeMiB', 'connector', 'id'],
  network: ['name', 'state', 'bridge', 'cidrs', 'connector', 'id'],
  volume: ['name', 'sizeMiB', 'usedMiB', 'format', 'pool', 'connector', 'id'],
  connector: ['id', 'plugin', 'version', 'state', 'restarts', 'message'],
  operation: ['id', 'method', 'state', 'progress', 'user', 'resource', 'created', 'message'],
  event: ['time', 'type', 'resource', 'data', 'cursor'],
  usage: ['ended', 'account', 'name', 'vcpus', 'memoryMiB', 'seconds', 'vm'],
};

const green = 32;
const red = 31;
const yellow = 33;
const grey = 90;
/** Words that say how something is, wherever they stand. */
export const stateColours: Record<string, number> = {
  running: green,
  ready: green,
  up: green,
  ok: green,
  succeeded: green,
  error: red,
  failed: red,
  failing: red,
  down: red,
  unknown: red,
  starting: yellow,
  stopping: yellow,
  pending: yellow,
  queued: yellow,
  rebooting: yellow,
  deleting: yellow,
  degraded: yellow,
  cancelled: grey,
  stopped: grey,
  paused: grey,
  deleted: grey,
};

const cellText = (value: unknown): string => {
  if (value === undefined || value === null || value === '') return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(cellText).join(',');
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => `${visible(name)}=${cellText(member)}`);
    return members.length === 0 ? '-' : members.join(' ');
  }
  return visible(String(value));
};

export interface Rendering {
  colour: boolean;
  columns?: readonly string[] | undefined;
}

const paintCell = (padded: string, text: string, colour: boolean) => {
  const code = colour ? stateColours[text] : undefined;
  return code === undefined ? padded : `\x1b[${code}m${padded}\x1b[0m`;
};

/** What a fault says, wherever a result holds one. */
const faultText = (fault: unknown) => {
  if (!isObject(fault) || fault.message === undefined) return undefined;
  return `${fault.kind}: ${fault.message}`;
};

/** An operation that failed has a fault instead of a message. */
const inRow = (row: Record<string, unknown>, column: string): unknown =>
  (column === 'fault' || (column === 'message' && row.message === undefined) ? faultText(row.fault) : undefined) ??
  row[column];

/** Columns side by side, as wide as what is in them; numbers to the right. */
const tableOf = (rows: readonly Record<string, unknown>[], columns: readonly string[], colour: boolean): string => {
  const cells = rows.map((row) => columns.map((column) => cellText(inRow(row, column))));
  const numeric = columns.map((column) => rows.some((row) => typeof row[column] === 'number'));
  const widths = columns.map((column, at) => Math.max(column.length, ...cells.map((row) => row[at]!.length)));
  const pad = (text: string, at: number) => {
    if (numeric[at]) return text.padStart(widths[at]!);
    return at === columns.length - 1 ? text : text.padEnd(widths[at]!);
  };
  const head = columns.map((column, at) => pad(column.toUpperCase(), at)).join('  ');
  const body = cells.map((row) => row.map((text, at) => paintCell(pad(text, at), text, colour)).join('  '));
  return [colour ? `\x1b[1m${head}\x1b[0m` : head, ...body].map((line) => `${line.trimEnd()}\n`).join('');
};

const recordText = (record: Record<string, unknown>, colour: boolean): string => {
  const width = Math.max(0, ...Object.keys(record).map((name) => name.length));
  return Object.entries(record)
    .map(([name]) => {
      const text = cellText(inRow(record, name));
      const label = visible(name).padEnd(width);
      return `${colour ? `\x1b[${grey}m${label}\x1b[0m` : label}  ${paintCell(text, text, colour)}\n`;
    })
    .join('');
};

const itemsOf = (result: unknown): Record<string, unknown>[] | undefined => {
  if (!isObject(result)) return undefined;
  const items = result.items ?? result.events;
  return Array.isArray(items) ? items : undefined;
};

/** What comes over the wire has the order in which it was made; people get the order of the catalogue. */
const inOrder = (record: Record<string, unknown>, { properties = {} }: { properties?: object }) => {
  const known = Object.keys(properties).filter((name) => Object.hasOwn(record, name));
  return Object.fromEntries([...new Set([...known, ...Object.keys(record)])].map((name) => [name, record[name]]));
};

export type Rendered = Pick<Method, 'name'> & { result?: object };

/** The result of a call as it is printed. */
export const renderResult = (method: Rendered, result: unknown, { colour, columns }: Rendering): string => {
  const items = itemsOf(result);
  if (items !== undefined) {
    const noun = method.name.split('.')[0]!;
    const wanted = columns ?? defaultColumns[noun] ?? Object.keys(items[0] ?? {});
    const { next } = result as { next?: string };
    // A list has an end, and events have none.
    const word = (result as { items?: unknown }).items === undefined ? 'What happens then' : 'More';
    return tableOf(items, wanted, colour) + (next === undefined ? '' : `${word}: --after ${visible(next)}\n`);
  }
  if (isObject(result)) return recordText(inOrder(result, method.result ?? {}), colour);
  if (Array.isArray(result)) return result.map((item) => `${cellText(item)}\n`).join('');
  return `${visible(String(result))}\n`;
};
