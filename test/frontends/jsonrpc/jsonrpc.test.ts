import { expect } from 'chai';
import { jsonrpc } from '../../../daemon/frontends/jsonrpc/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import type { HttpReply } from '../../../daemon/wire/route.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { countTurns } from '../../support/slices.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const started = (limits = {}) => {
  const api = fakeApi();
  const routes = jsonrpc.routes(fakeContext(api, limits));
  const raw = (body: string | Buffer, headers: Record<string, string> = {}) =>
    request(routes, 'POST', '/jsonrpc', { body, headers });
  const send = async (message: unknown, headers?: Record<string, string>) => {
    const reply = await raw(JSON.stringify(message), headers);
    return JSON.parse(reply.body as string);
  };
  return { api, routes, raw, send };
};
const call = (method: string, params?: unknown, id: unknown = 1) => ({ jsonrpc: '2.0', method, params, id });
const errorIn = (reply: HttpReply) => JSON.parse(reply.body as string).error;

describe('JSON-RPC', () => {
  describe('calls', () => {
    it('takes parameters by name', async () => {
      const { api, send } = started();
      const answer = await send(call('vm.stats', { vm: 'web1' }));
      expect(answer).to.deep.equal({ jsonrpc: '2.0', result: api.methods.get('vm.stats')?.example.result, id: 1 });
      expect(api.calls[0]).to.deep.include({ method: 'vm.stats', params: { vm: 'web1' } });
    });

    it('takes parameters by position, in the order of the catalogue; null leaves one out', async () => {
      const { api, send } = started();
      await send(call('vm.start', ['web1', null, 30]));
      expect(api.calls[0]?.params).to.deep.equal({ vm: 'web1', paused: false, wait: 30 });
    });

    it('takes a long body a piece at a time, with a byte order mark too, and refuses one that is no JSON', async () => {
      const { raw } = started();
      const long = (vm: string) => JSON.stringify(call('vm.stats', { vm, more: Array(100_000).fill('a') }));
      const turns = countTurns();
      for (const text of [long('web1'), `\uFEFF${long('web1')}`]) {
        expect(errorIn(await raw(text)).data).to.deep.equal({ kind: 'invalid-params', field: '/more' });
      }
      expect(turns()).to.be.at.least(4);
      expect(errorIn(await raw(`${long('web1')}}`)).message).to.equal('The request is not JSON.');
    });

    it('takes a call without parameters', async () => {
      const { send } = started();
      expect(await send({ jsonrpc: '2.0', method: 'system.version', id: 'a' })).to.deep.equal({
        jsonrpc: '2.0',
        result: { name: 'annelid', version: '0.1.0', api: '1' },
        id: 'a',
      });
    });

    it('refuses more parameters than there are', async () => {
      const { send } = started();
      expect((await send(call('vm.stats', ['web1', 2]))).error).to.deep.equal({
        code: -32602,
        message: 'vm.stats takes 1 parameters at most, not 2.',
        data: { kind: 'invalid-params', field: '/1' },
      });
    });

    it('names the parameter that is wrong', async () => {
      const { send } = started();
      const { error } = await send(call('vm.stats', { vm: 7 }));
      expect(error.code).to.equal(-32602);
      expect(error.data).to.deep.equal({ kind: 'invalid-params', field: '/vm' });
    });

    it('echoes ids that are strings, numbers or null', async () => {
      const { send } = started();
      for (const id of ['', 'abc', 0, -1.5, null]) {
        expect((await send(call('system.version', [], id))).id).to.equal(id);
      }
    });

    it('passes on who calls and from where', async () => {
      const { api, send } = started();
      await send(call('session.whoami'), { authorization: `Basic ${btoa('alice:correct:horse')}` });
      await send(call('session.whoami'), { authorization: 'Bearer annelid_abc' });
      await send(call('session.whoami'));
      expect(
        api.calls.map(({ request: { frontend, credentials, remote } }) => [frontend, credentials, remote]),
      ).to.deep.equal([
        ['jsonrpc', { kind: 'password', user: 'alice', password: 'correct:horse' }, '192.0.2.7'],
        ['jsonrpc', { kind: 'token', token: 'annelid_abc' }, '192.0.2.7'],
        ['jsonrpc', { kind: 'none' }, '192.0.2.7'],
      ]);
    });

    it('finds no method in the names that every object has', async () => {
      const { send } = started();
      for (const method of ['__proto__', 'constructor', 'toString', 'vm', 'vm.nope', '']) {
        expect((await send(call(method))).error.code).to.equal(-32601);
      }
    });

    it('takes __proto__ for a parameter name like any other', async () => {
      const { raw } = started();
      const reply = await raw('{"jsonrpc":"2.0","id":1,"method":"vm.stats","params":{"vm":"a","__proto__":{"x":1}}}');
      expect(errorIn(reply).data).to.deep.equal({ kind: 'invalid-params', field: '/__proto__' });
    });
  });

  describe('faults', () => {
    it('sends the number of the fault, its sentence, its kind and its data, with HTTP 200', async () => {
      const { api, raw } = started();
      api.does.set('vm.start', () => {
        throw new Fault('conflict', 'web1 is already running.', { resource: 'web1', outcome: 'none' });
      });
      const reply = await raw(JSON.stringify(call('vm.start', ['web1'])));
      expect(reply.status).to.equal(200);
      expect(errorIn(reply)).to.deep.equal({
        code: 409,
        message: 'web1 is already running.',
        data: { kind: 'conflict', resource: 'web1', outcome: 'none' },
      });
    });

    it('asks for credentials with HTTP 401', async () => {
      const { api, raw } = started();
      api.does.set('session.whoami', () => {
        throw new Fault('unauthenticated', 'session.whoami needs credentials.');
      });
      const reply = await raw(JSON.stringify(call('session.whoami')));
      expect(reply.status).to.equal(401);
      expect(reply.headers['WWW-Authenticate']).to.match(/^Basic realm=/);
      expect(errorIn(reply)).to.include({ code: 401 });
    });

    it('says nothing of an error that is no fault', async () => {
      const { api, send } = started();
      api.does.set('system.version', () => {
        throw new Error('a secret');
      });
      expect((await send(call('system.version'))).error).to.deep.equal({
        code: -32603,
        message: 'Internal error.',
        data: { kind: 'internal' },
      });
    });

    it('answers -32700 with a null id to what is no JSON, or no UTF-8', async () => {
      const { api, raw } = started();
      for (const body of ['', '{', '{"jsonrpc": "2.0"', Buffer.from('{"a":"\xe4"}', 'latin1'), '['.repeat(200_000)]) {
        const reply = await raw(body);
        expect(errorIn(reply).code).to.equal(-32700);
        expect(JSON.parse(reply.body as string).id).to.equal(null);
      }
      expect(api.refusals).to.deep.equal(Array(5).fill(['jsonrpc', 'malformed']));
    });

    it('answers -32600 to JSON that is no request, with its id where it has one', async () => {
      const { send } = started();
      const cases: [message: unknown, id: unknown][] = [
        [1, null],
        ['x', null],
        [null, null],
        [{}, null],
        [{ method: 'system.version', id: 3 }, 3],
        [{ jsonrpc: '1.0', method: 'system.version', id: 3 }, 3],
        [{ jsonrpc: '2.0', method: 7, id: 4 }, 4],
        [{ jsonrpc: '2.0', method: 'system.version', params: 'x', id: 5 }, 5],
        [{ jsonrpc: '2.0', method: 'system.version', id: {} }, null],
        [[], null],
      ];
      for (const [message, id] of cases) {
        const answer = await send(message);
        expect(answer.error.code, JSON.stringify(message)).to.equal(-32600);
        expect(answer.id, JSON.stringify(message)).to.equal(id);
      }
    });

    it('words refusals of the HTTP layer as errors', () => {
      const { routes } = started();
      const refuse = routes[0]?.refuse;
      const reply = refuse?.({ kind: 'too-large', status: 413, message: 'Too long.' }, { headers: {} });
      expect(reply?.status).to.equal(413);
      expect(JSON.parse(reply?.body as string)).to.deep.equal({
        jsonrpc: '2.0',
        error: { code: 413, message: 'Too long.', data: { kind: 'too-large' } },
        id: null,
      });
    });
  });

  describe('notifications', () => {
    it('are carried out and not answered: HTTP 204', async () => {
      const { api, raw } = started();
      const reply = await raw('{"jsonrpc":"2.0","method":"vm.start","params":["web1"]}');
      expect(reply).to.deep.equal({ status: 204, headers: {}, body: '' });
      expect(api.calls.map(({ method }) => method)).to.deep.equal(['vm.start']);
    });

    it('are not answered when they fail either', async () => {
      const { raw } = started();
      expect((await raw('{"jsonrpc":"2.0","method":"no.such"}')).status).to.equal(204);
    });
  });

  describe('batches', () => {
    it('are answered in their order, without the notifications', async () => {
      const { send } = started();
      const answers = await send([
        call('system.version', [], 'a'),
        { jsonrpc: '2.0', method: 'system.version' },
        call('no.such', [], 'b'),
        7,
      ]);
      expect(answers.map(({ id, error }: { id: unknown; error?: Fault }) => [id, error?.message])).to.deep.equal([
        ['a', undefined],
        ['b', 'There is no method no.such.'],
        [null, 'A request is an object.'],
      ]);
    });

    it('begin their calls in order and let them go on together', async () => {
      const { api, send } = started();
      let open: (value: unknown) => void = () => undefined;
      const gate = new Promise((resolve) => {
        open = resolve;
      });
      api.does.set('vm.get', () => gate);
      api.does.set('vm.stats', () => open({ done: true }));
      const answers = await send([call('vm.get', ['a'], 1), call('vm.stats', ['a'], 2)]);
      expect(answers[0]).to.deep.equal({ jsonrpc: '2.0', result: { done: true }, id: 1 });
      expect(api.calls.map(({ method }) => method)).to.deep.equal(['vm.get', 'vm.stats']);
    });

    it('of notifications alone have no answer', async () => {
      const { raw } = started();
      expect((await raw('[{"jsonrpc":"2.0","method":"system.version"}]')).status).to.equal(204);
    });

    it('answer so many bytes together and no more: jsonrpc.batchBytes', async () => {
      const { send } = started({ jsonrpc: { ...defaultLimits.jsonrpc, batchBytes: 150 } });
      const answers = await send([1, 2, 3].map((id) => call('system.version', [], id)));
      const kinds = answers.map(({ error }: { error?: { data: { kind: string } } }) => error?.data.kind);
      expect(kinds).to.deep.equal([undefined, 'too-large', 'too-large']);
    });

    it('are refused when they are too long: jsonrpc.batch', async () => {
      const { api, send } = started({ jsonrpc: { ...defaultLimits.jsonrpc, batch: 2 } });
      expect(await send([call('system.version'), call('system.version')])).to.have.length(2);
      const { error } = await send([1, 2, 3].map((id) => call('system.version', [], id)));
      expect(error).to.deep.equal({
        code: 413,
        message: 'The batch has 3 calls; 2 are allowed (limits.jsonrpc.batch).',
        data: { kind: 'too-large' },
      });
      expect(api.calls).to.have.length(2);
    });
  });
});
