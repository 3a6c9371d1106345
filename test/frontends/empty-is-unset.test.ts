/** What is empty and counts as left out, over each wire as a client sends it that sends all parameters. */
import { expect } from 'chai';
import type { Frontend } from '../../daemon/frontends/frontend.ts';
import { jsonrpc } from '../../daemon/frontends/jsonrpc/index.ts';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { xmlrpc } from '../../daemon/frontends/xmlrpc/index.ts';
import { fakeApi, fakeContext, request } from './fake-api.ts';

const member = (name: string, value: string) => `<member><name>${name}</name><value>${value}</value></member>`;
const call = (name: string, members: string) =>
  `<methodCall><methodName>${name}</methodName><params><param><value><struct>${members}</struct></value></param></params></methodCall>`;
const envelope = (body: string) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`;

const wires: [frontend: Frontend, path: string, type: string, bodies: string[]][] = [
  [
    xmlrpc,
    '/RPC2',
    'text/xml',
    [
      call(
        'operation.list',
        ['state', 'resource', 'method', 'limit', 'after'].map((name) => member(name, '')).join(''),
      ),
      call('event.poll', `${member('after', '')}${member('types', '<array><data/></array>')}`),
    ],
  ],
  [
    soap,
    '/soap',
    'text/xml',
    [
      envelope('<operationList><state/><resource/><method/><limit/><after/></operationList>'),
      envelope('<eventPoll><after/><wait/><limit/><types/></eventPoll>'),
    ],
  ],
  [
    jsonrpc,
    '/jsonrpc',
    'application/json',
    [
      '{"jsonrpc":"2.0","id":1,"method":"operation.list","params":{"resource":"","method":"","after":""}}',
      '{"jsonrpc":"2.0","id":2,"method":"event.poll","params":{"types":[]}}',
    ],
  ],
];

describe('Filters that are empty', () => {
  for (const [frontend, path, type, bodies] of wires) {
    it(`count as left out over ${frontend.name}`, async () => {
      const api = fakeApi();
      const routes = frontend.routes(fakeContext(api));
      for (const body of bodies) {
        const reply = await request(routes, 'POST', path, { body, headers: { 'content-type': type } });
        expect(reply.status, String(reply.body)).to.equal(200);
      }
      expect(api.calls.map(({ method, params }) => [method, params])).to.deep.equal([
        ['operation.list', { limit: 100 }],
        ['event.poll', { wait: 0, limit: 1000 }],
      ]);
    });
  }
});
