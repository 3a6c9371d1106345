/** Requests of several calls: what they do when their peer goes. */
import { once } from 'node:events';
import { expect } from 'chai';
import { jsonrpc } from '../../daemon/frontends/jsonrpc/index.ts';
import { xmlrpc } from '../../daemon/frontends/xmlrpc/index.ts';
import type { HttpLimits } from '../../daemon/wire/http.ts';
import type { HttpReply, HttpRequest } from '../../daemon/wire/route.ts';
import { closeServers, startServer } from '../wire/raw-http.ts';
import { fakeApi, fakeContext } from './fake-api.ts';

const closing = 'Connection: close\r\n';
const posted = (path: string, body: string, headers = '') =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
const named = (method: string) =>
  `<value><struct><member><name>methodName</name><value>${method}</value></member></struct></value>`;
const multicall = (...methods: string[]) =>
  `<methodCall><methodName>system.multicall</methodName><params><param><value><array><data>${methods.map(named).join('')}</data></array></value></param></params></methodCall>`;

/** A server whose `session.whoami` waits for its peer to go; `replies` are those that its requests came to. */
const started = async (limits: Partial<HttpLimits> = {}) => {
  const api = fakeApi();
  const asked = Promise.withResolvers<void>();
  api.does.set('session.whoami', async () => {
    const { signal } = api.calls.at(-1)!.request;
    asked.resolve();
    await once(signal!, 'abort');
    return api.methods.get('session.whoami')!.example.result;
  });
  const context = fakeContext(api);
  const replies: (HttpReply | Promise<HttpReply>)[] = [];
  const routes = [...xmlrpc.routes(context), ...jsonrpc.routes(context)].map((route) => ({
    ...route,
    POST: (request: HttpRequest) => {
      const reply = route.POST!(request);
      replies.push(reply);
      return reply;
    },
  }));
  const server = await startServer(limits, routes);
  /** Sends a request, and goes once `session.whoami` is under way. */
  const sendAndGo = async (path: string, body: string): Promise<HttpReply> => {
    const socket = await server.open();
    socket.write(posted(path, body));
    await asked.promise;
    socket.resetAndDestroy();
    return replies[0]!;
  };
  return { api, sendAndGo, talk: server.talk };
};

describe('Several calls in one request', () => {
  afterEach(closeServers);

  it('are not gone on with over XML-RPC when the peer has gone', async () => {
    const { api, sendAndGo } = await started();
    await sendAndGo('/RPC2', multicall('system.version', 'session.whoami', 'vm.list', 'vm.list'));
    expect(api.calls.map(({ method }) => method)).to.deep.equal(['system.version', 'session.whoami']);
  });

  it('are begun together over JSON-RPC, and what they answer is not written when the peer has gone', async () => {
    const { sendAndGo } = await started();
    const { status } = await sendAndGo('/jsonrpc', '[{"jsonrpc":"2.0","method":"session.whoami","id":1}]');
    expect(status).to.equal(204);
  });

  it('are not made over XML-RPC beyond what all replies may have, and free it: http.repliesBytes', async () => {
    const { api, talk } = await started({ repliesBytes: 100 });
    for (let again = 0; again < 2; again++) {
      const reply = await talk(posted('/RPC2', multicall('system.version', 'system.version', 'vm.list'), closing));
      expect(reply.match(/limits\.http\.repliesBytes/g)).to.have.lengthOf(2);
    }
    expect(api.calls.map(({ method }) => method)).to.deep.equal(['system.version', 'system.version']);
  });

  it('have no result over JSON-RPC beyond that', async () => {
    const { talk } = await started({ repliesBytes: 50 });
    const one = '{"jsonrpc":"2.0","method":"system.version","id":1}';
    for (let again = 0; again < 2; again++) {
      const reply = await talk(posted('/jsonrpc', `[${one},${one}]`, closing));
      expect(reply.match(/"annelid"/g)).to.have.lengthOf(1);
      expect(reply.match(/limits\.http\.repliesBytes/g)).to.have.lengthOf(1);
    }
  });
});
