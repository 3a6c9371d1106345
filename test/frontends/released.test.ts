/** What long requests take is given back before they are carried out. */
import { expect } from 'chai';
import { jsonrpc } from '../../daemon/frontends/jsonrpc/index.ts';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { xmlrpc } from '../../daemon/frontends/xmlrpc/index.ts';
import { Bytes } from '../../daemon/wire/bytes.ts';
import { bytesOf, routesOf } from '../support/post.ts';
import { fakeApi } from './fake-api.ts';

const padding = ' '.repeat(64 * 1024);

const wires = {
  'XML-RPC': {
    frontend: xmlrpc,
    path: '/RPC2',
    call: `<methodCall>${padding}<methodName>system.version</methodName></methodCall>`,
  },
  SOAP: {
    frontend: soap,
    path: '/soap',
    call: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">${padding}<s:Body><systemVersion xmlns="urn:annelid:1"/></s:Body></s:Envelope>`,
  },
  'JSON-RPC': {
    frontend: jsonrpc,
    path: '/jsonrpc',
    call: `{${padding}"jsonrpc":"2.0","method":"system.version","id":1}`,
  },
} as const;

describe('the body of a request', () => {
  for (const [wire, { frontend, path, call }] of Object.entries(wires)) {
    for (const [what, text] of Object.entries({ read: call, refused: call.slice(0, -3) })) {
      it(`over ${wire} is released once it has been ${what}`, async () => {
        const api = fakeApi();
        let leftWhenCalled = -1;
        api.does.set('system.version', () => {
          leftWhenCalled = body.length;
          return { version: '1' };
        });
        const body = new Bytes();
        body.add(Buffer.from(text));
        const { POST } = routesOf(frontend, api).find((route) => route.path === path)!;
        const request = { method: 'POST', path, query: '', headers: { 'content-type': 'text/xml' }, body };
        const { signal } = new AbortController();
        const reply = await POST!({ ...request, remote: '127.0.0.1', signal, ended: signal });
        expect([body.length, leftWhenCalled]).to.deep.equal(what === 'read' ? [0, 0] : [0, -1]);
        expect(/fault|error/i.test(bytesOf(reply.body).toString()), bytesOf(reply.body).toString()).to.equal(
          what === 'refused',
        );
      });
    }
  }
});
