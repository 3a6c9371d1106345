/** The XML-RPC codec alone, in this process: megabytes in a second of processor time, on an array of structs of 0.8 MB. */
import { readCall } from '../../../daemon/frontends/xmlrpc/call.ts';
import { signatureFor } from '../../../daemon/frontends/xmlrpc/decode.ts';
import { plain } from '../../../daemon/frontends/xmlrpc/dialect.ts';
import { encodeResponse, encoderFor } from '../../../daemon/frontends/xmlrpc/encode.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { xmlSource } from '../../../daemon/wire/charset.ts';
import { toTheEnd } from '../../support/slices.ts';
import { speedsOf, take, values } from '../rows.ts';
import type { Scenario } from '../scenario.ts';

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
  const [decoded, encoded] = [
    await speedsOf(body.length, () => toTheEnd(decode()), pace.rounds),
    await speedsOf(written().length, written, pace.rounds),
  ];
  return {
    'codec-decode': { unit: 'MB/s', speeds: new Map([['ours', decoded]]) },
    'codec-encode': { unit: 'MB/s', speeds: new Map([['ours', encoded]]) },
  };
};
