/** An array of structs of 0.8 MB, for the codecs. */
import { type Method, method } from '../../daemon/catalogue/method.ts';
import { bool, int, list, number, record, string, time } from '../../plugin-protocol/shape.ts';
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
}) as unknown as Method;

export const values = Array.from({ length: 1600 }, (_, id) => ({
  id,
  name: `machine-${id}`,
  running: id % 2 === 0,
  load: id / 7,
  at: '2026-01-31T12:00:00.000Z',
  note: 'In the lab & elsewhere',
}));

/** Megabytes in a second of processor time, in each of so many rounds. */
export const speedsOf = async (bytes: number, work: () => unknown, rounds: number, times = 40): Promise<Round[]> => {
  for (let warm = 0; warm < times; warm++) await work();
  const speeds: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    for (let time = 0; time < times; time++) await work();
    const { user, system } = process.cpuUsage(before);
    speeds.push({ perSecond: (bytes * times) / (user + system), cpu: Number.NaN });
  }
  return speeds;
};
