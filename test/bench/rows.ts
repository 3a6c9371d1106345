/** An array of structs of 0.8 MB, for the codecs. */
import { method } from '../../daemon/catalogue/method.ts';
import type { Encoded } from '../../daemon/frontends/pieces.ts';
import { plain } from '../../daemon/frontends/xmlrpc/dialect.ts';
import { encoderFor } from '../../daemon/frontends/xmlrpc/encode.ts';
import { bool, int, list, number, record, string, time } from '../../plugin-protocol/shape.ts';
import { toTheEnd } from '../support/slices.ts';
import type { Round } from './contest.ts';

const Row = record('Row', 'A row.', {
  id: int('A number.'),
  name: string('A name.'),
  running: bool('A state.'),
  load: number('A double.'),
  at: time('A moment.'),
  note: string('Text.'),
});
const rows = list(Row, 'Rows.');
/** Takes such an array and answers one. */
export const take = method('bench.rows', {
  since: '0.1.0',
  doc: 'Takes rows.',
  params: { rows },
  result: rows,
  returns: 'Rows.',
  permission: 'public',
  example: { params: { rows: [] }, result: [] },
});

export const values = Array.from({ length: 1600 }, (_, id) => ({
  id,
  name: `machine-${id}`,
  running: id % 2 === 0,
  load: id / 7,
  at: '2026-01-31T12:00:00.000Z',
  note: 'In the lab & elsewhere',
}));

/** As it goes out: counted, and read once more where it is too long to be held. */
export const wholeOf = (encoded: Encoded): string =>
  typeof encoded === 'string' ? encoded : [...toTheEnd(encoded.counted())].join('');

export const encodeRows = encoderFor(take.result)(plain);
/** A call that sends them. */
export const rowsCall = (): string =>
  `<?xml version="1.0"?><methodCall><methodName>${take.name}</methodName><params><param>${wholeOf(encodeRows(values))}</param></params></methodCall>`;

/** What is measured: how many bytes a go reads or writes, and how many goes make a round. */
export interface Work {
  bytes: number;
  go: () => unknown;
  times?: number;
}

/**
 * Megabytes in a second of processor time, in each of so many rounds. All take their turn in a round, so that each meets
 * the machine in the same mood as the others.
 */
export const speedsOf = async (works: Record<string, Work>, rounds: number): Promise<Map<string, Round[]>> => {
  const all = Object.entries(works).map(([name, work]) => ({ name, times: 40, ...work, speeds: [] as Round[] }));
  for (const { go, times } of all) for (let warm = 0; warm < times; warm++) await go();
  for (let round = 0; round < rounds; round++) {
    for (const { bytes, go, times, speeds } of all) {
      const before = process.cpuUsage();
      for (let time = 0; time < times; time++) await go();
      const { user, system } = process.cpuUsage(before);
      speeds.push({ perSecond: (bytes * times) / (user + system), cpu: Number.NaN });
    }
  }
  return new Map(all.map(({ name, speeds }) => [name, speeds]));
};
