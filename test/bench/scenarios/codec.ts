/** The XML-RPC codec alone, in this process: megabytes in a second of processor time, on an array of structs of 0.8 MB. */
import { type Method, method } from '../../../daemon/catalogue/method.ts';
import { readCall } from '../../../daemon/frontends/xmlrpc/call.ts';
import { signatureFor } from '../../../daemon/frontends/xmlrpc/decode.ts';
import { plain } from '../../../daemon/frontends/xmlrpc/dialect.ts';
import { encodeResponse, encoderFor } from '../../../daemon/frontends/xmlrpc/encode.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { xmlSource } from '../../../daemon/wire/charset.ts';
import type { Slices } from '../../../daemon/wire/slices.ts';
import { bool, int, list, number, record, string, time } from '../../../plugin-protocol/shape.ts';
import { median } from '../median.ts';
import type { Scenario } from '../scenario.ts';

const Row = record('Row', 'A row.', {
  id: int('A number.'),
  name: string('A name.'),
  running: bool('A state.'),
  load: number('A double.'),
  at: time('A moment.'),
  note: string('Text.'),
});
const rows = list(Row, 'Rows.');
const take = method('bench.rows', {
  since: '0.1.0',
  doc: 'Takes rows.',
  params: { rows },
  result: rows,
  returns: 'Rows.',
  permission: 'public',
  example: { params: { rows: [] }, result: [] },
}) as unknown as Method;

const values = Array.from({ length: 1600 }, (_, id) => ({
  id,
  name: `machine-${id}`,
  running: id % 2 === 0,
  load: id / 7,
  at: '2026-01-31T12:00:00.000Z',
  note: 'In the lab & elsewhere',
}));

const toTheEnd = <T>(work: Slices<T>): T => {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
};

/** Megabytes in a second of processor time. */
const speedOf = (bytes: number, work: () => unknown, rounds: number): number => {
  const times = 40;
  for (let warm = 0; warm < times; warm++) work();
  const speeds = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    for (let time = 0; time < times; time++) work();
    const { user, system } = process.cpuUsage(before);
    return (bytes * times) / (user + system);
  });
  return median(speeds);
};

export const codec: Scenario = async ({ pace, say }) => {
  const encode = encoderFor(take.result)(plain);
  const text = encode(values);
  const call = `<?xml version="1.0"?><methodCall><methodName>${take.name}</methodName><params><param>${text}</param></params></methodCall>`;
  const body = Buffer.from(call);
  say(`the call has ${(body.length / 1e6).toFixed(2)} MB`);
  const callables = new Map([[take.name, signatureFor(take)]]);
  const limits = { xml: defaultLimits.xml, members: defaultLimits.xmlrpc.members };
  const decode = () => readCall(xmlSource(body), limits, callables);
  const written = () => Buffer.from(encodeResponse(encode(values), plain) as string);
  return {
    'codec-decode': { unit: 'MB/s', ours: speedOf(body.length, () => toTheEnd(decode()), pace.rounds) },
    'codec-encode': { unit: 'MB/s', ours: speedOf(written().length, written, pace.rounds) },
  };
};
