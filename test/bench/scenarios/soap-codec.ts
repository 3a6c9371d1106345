/**
 * SOAP alone, in this process, on an array of structs of 0.8 MB: ours from the body of a request to the call, and from
 * the result to the body of the reply; node soap's reader and writer on the same documents, with our WSDL. A struct takes
 * a third of what it takes in XML-RPC, so there are three times as many.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClientAsync } from 'soap';
import type { Api } from '../../../daemon/core/api.ts';
import type { Log } from '../../../daemon/core/ports.ts';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import type { HttpReply } from '../../../daemon/wire/route.ts';
import { bytesOf, textOf } from '../../support/post.ts';
import { folder } from '../children.ts';
import { speedsOf, take, values } from '../rows.ts';
import type { Scenario } from '../scenario.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => silent };
const operation = 'benchRows';
const envelope = (content: string) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><${operation} xmlns="urn:annelid:1">${content}</${operation}></s:Body></s:Envelope>`;

export const soapCodec: Scenario = async ({ pace, say }) => {
  const machines = [...values, ...values, ...values];
  let answer: unknown = machines;
  const api: Api = {
    methods: new Map([[take.name, take]]),
    call: async () => answer,
    refused() {},
    services: new Map(),
  };
  const [route] = soap.routes({
    api,
    log: silent,
    limits: defaultLimits,
    onConnectors: () => () => undefined,
    publicUrl: () => 'http://127.0.0.1',
    metrics: async () => '',
  });
  const { GET, POST } = route ?? {};
  if (GET === undefined || POST === undefined) throw new Error('There is no SOAP.');
  const { signal } = new AbortController();
  const about = { path: '/soap', headers: {}, remote: '', signal, ended: signal };
  const request = (body: Buffer, query = '') => ({ ...about, query, body });
  const contentOf = ({ body, status }: HttpReply): Buffer => {
    if (status !== 200) throw new Error(`Answered ${status}: ${textOf(body).slice(0, 300)}`);
    return bytesOf(body);
  };
  const post = (content: string) => {
    const body = Buffer.from(envelope(content));
    return async () => contentOf(await POST({ method: 'POST', ...request(body) }));
  };

  const write = post('<rows></rows>');
  const reply = await write();
  const content = /<return>(.*)<\/return>/s.exec(reply.toString())?.[1] ?? '';
  const text = envelope(`<rows>${content}</rows>`);
  say(`the call has ${(text.length / 1e6).toFixed(2)} MB`);
  const read = post(`<rows>${content}</rows>`);

  const file = join(folder, 'rows.wsdl');
  writeFileSync(file, contentOf(await GET({ method: 'GET', ...request(Buffer.alloc(0), 'wsdl') })));
  const { wsdl } = (await createClientAsync(file)) as {
    wsdl: {
      objectToDocumentXML(name: string, params: object, prefix: string, uri: string): string;
      xmlToObject(xml: string): { Body: { [operation]: { rows: { item: unknown[] } } } };
    };
  };
  const their = { return: { item: machines } };
  const theirWrite = () => Buffer.from(wsdl.objectToDocumentXML(`${operation}Response`, their, 'tns', 'urn:annelid:1'));
  const theirRead = () => wsdl.xmlToObject(text);
  if (theirRead().Body[operation].rows.item.length !== machines.length) throw new Error('node soap reads otherwise.');
  const encoded = await speedsOf(
    {
      ours: { bytes: reply.length, go: write },
      'node soap': { bytes: theirWrite().length, go: theirWrite, times: 2 },
    },
    pace.rounds,
  );
  answer = [];
  const decoded = await speedsOf(
    { ours: { bytes: text.length, go: read }, 'node soap': { bytes: text.length, go: theirRead, times: 2 } },
    pace.rounds,
  );
  return {
    'soap-decode': { unit: 'MB/s', speeds: decoded },
    'soap-encode': { unit: 'MB/s', speeds: encoded },
  };
};
