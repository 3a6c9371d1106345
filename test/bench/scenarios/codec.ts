/**
 * The XML-RPC codec alone, in this process: megabytes in a second of processor time, on an array of structs of 0.8 MB.
 * Beside it what says how fast the machine is: saxes, which only takes the document apart, and node's xmlrpc.
 */
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { readCall } from '../../../daemon/frontends/xmlrpc/call.ts';
import { plain } from '../../../daemon/frontends/xmlrpc/dialect.ts';
import { encodeResponse } from '../../../daemon/frontends/xmlrpc/encode.ts';
import { signatureFor } from '../../../daemon/frontends/xmlrpc/params.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { xmlSource } from '../../../daemon/wire/charset.ts';
import { toTheEnd } from '../../support/slices.ts';
import { encodeRows, rowsCall, speedsOf, take, values, wholeOf } from '../rows.ts';
import { saxesRead } from '../saxes.ts';
import type { Scenario } from '../scenario.ts';

const require = createRequire(import.meta.url);
/** node's xmlrpc, which exports a client and a server only. */
const { serializeMethodResponse } = require('xmlrpc/lib/serializer') as {
  serializeMethodResponse(value: unknown): string;
};
const Deserializer = require('xmlrpc/lib/deserializer') as new () => {
  deserializeMethodCall(stream: Readable, done: (error: Error | null, method: string, params: unknown[]) => void): void;
};

export const codec: Scenario = async ({ pace, say }) => {
  const call = rowsCall();
  const body = Buffer.from(call);
  say(`the call has ${(body.length / 1e6).toFixed(2)} MB`);
  const callables = new Map([[take.name, signatureFor(take)]]);
  const limits = { xml: defaultLimits.xml, members: defaultLimits.xmlrpc.members };
  const decode = () => readCall(xmlSource(body), limits, callables);
  const written = () => Buffer.from(wholeOf(encodeResponse(encodeRows(values), plain)));
  const nodeRead = () =>
    new Promise<unknown[]>((resolve, reject) => {
      new Deserializer().deserializeMethodCall(Readable.from([body]), (error, _name, params) =>
        error ? reject(error) : resolve(params),
      );
    });
  const nodeWrite = () => Buffer.from(serializeMethodResponse(values));
  const [rows] = (await nodeRead()) as [unknown[]];
  if (rows.length !== values.length) throw new Error('node xmlrpc reads otherwise.');
  const few = 4;
  return {
    'codec-decode': {
      unit: 'MB/s',
      speeds: await speedsOf(
        {
          ours: { bytes: body.length, go: () => toTheEnd(decode()) },
          saxes: { bytes: body.length, go: () => saxesRead(call) },
          'node xmlrpc': { bytes: body.length, go: nodeRead, times: few },
        },
        pace.rounds,
      ),
    },
    'codec-encode': {
      unit: 'MB/s',
      speeds: await speedsOf(
        {
          ours: { bytes: written().length, go: written },
          'node xmlrpc': { bytes: nodeWrite().length, go: nodeWrite, times: few },
        },
        pace.rounds,
      ),
    },
  };
};
