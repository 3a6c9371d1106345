/** Requests to plugins with long parameters: written in slices, and whole or not at all. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createLink } from '../../daemon/host/link/link.ts';
import type { Request } from '../../daemon/host/link/outgoing-call.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { type ContractCall, compute } from '../../plugin-protocol/contract/index.ts';
import type { Fault } from '../../plugin-protocol/faults.ts';
import type { Message } from '../../plugin-protocol/rpc/messages.ts';
import { countTurns } from '../support/slices.ts';
import { bareInstance, createWatch, startHost, stopHosts } from './running-host.ts';

const items = Array.from({ length: 40_000 }, (_, at) => ({ id: `vm-${at}`, text: 'ä "quoted" €' }));
const blamed: string[] = [];

const linked = (limits = {}) => {
  const sent = createWatch<Message>();
  const noise: string[] = [];
  const link = createLink({
    name: 'one',
    limits: { ...defaultLimits.plugins, ...limits },
    send(written) {
      const text = typeof written === 'string' ? written : Buffer.concat(written).toString();
      expect(text.endsWith('\n')).to.equal(true);
      for (const line of text.trim().split('\n')) sent.add(JSON.parse(line) as Message);
      return true;
    },
    onUnanswered: () => {},
    onNoise: (_, why) => noise.push(why),
    onNotification: () => {},
    onRequest: async () => ({}),
  });
  link.described({ proto: [1], name: 'one', version: '1', methods: [], concurrency: 1, features: ['cancel'] });
  const call = (params: object, more: Partial<Request> = {}) => {
    const suspects = { blame: ({ method }: { method: string }) => blamed.push(method) };
    const request = { method: 'things.put', params, check: (value: unknown) => value, mutates: true, suspects };
    return link.request({ ...request, timeoutMs: 60_000, ...more }).then(
      (result) => `${result}`,
      (fault: Fault) => `${fault.kind} ${fault.data.outcome}: ${fault.message}`,
    );
  };
  const answer = (id: unknown) => link.receive(JSON.stringify({ jsonrpc: '2.0', id, result: `answer to ${id}` }));
  return { link, sent, noise, call, answer };
};

describe('a request with long parameters', () => {
  afterEach(async function () {
    blamed.length = 0;
    await stopHosts(this);
  });

  it('is written while others get their turn, and no other line stands within it', async () => {
    const { sent, call, link, answer } = linked();
    link.described({ proto: [1], name: 'one', version: '1', methods: [], concurrency: 2 });
    const turns = countTurns();
    const said: string[] = [];
    const tap = { watched: true, say: (_: unknown, line: string) => said.push(line), watch: () => () => {} };
    const outcomes = [call({ items }, { tap }), call({ items: [] })];
    await sent.when(({ params }) => (params as { items: unknown[] }).items.length > 0);
    expect(turns()).to.be.at.least(5);
    expect(sent.all.map(({ params }) => (params as { items: unknown[] }).items.length)).to.deep.equal([0, 40_000]);
    expect(sent.all[1]!.params).to.deep.equal({ items });
    expect(said).to.deep.equal([JSON.stringify(sent.all[1])]);
    for (const { id } of sent.all) answer(id);
    const [short, long] = sent.all.map(({ id }) => `answer to ${id}`);
    expect(await Promise.all(outcomes)).to.deep.equal([long, short]);
  });

  it('that is cancelled while it is written is never sent, and its place is free', async () => {
    const { sent, call, answer } = linked();
    const ending = new AbortController();
    const long = call({ items }, { signal: ending.signal, lock: 'vm' });
    const next = call({}, { lock: 'vm' });
    ending.abort();
    expect(await long).to.equal('cancelled none: things.put was cancelled in time.');
    const { id } = await sent.when(() => true);
    answer(id);
    expect(await next).to.equal(`answer to ${id}`);
    expect(sent.all).to.have.length(1);
  });

  it('that is overdue before it is written was not begun', async () => {
    const { sent, call } = linked();
    expect(await call({ items }, { timeoutMs: 1 })).to.match(
      /^timeout none: things\.put waited 1 ms for one and was not/,
    );
    expect(sent.all).to.deep.equal([]);
  });

  it('was not begun either, and is not suspected, when the plugin ends meanwhile', async () => {
    const { link, sent, call } = linked();
    const long = call({ items });
    link.close('ended with code 1', true);
    expect(await long).to.equal('unavailable none: The plugin of one ended with code 1.');
    expect([sent.all, blamed]).to.deep.equal([[], []]);
  });

  it('is refused with the name of the limit when it is longer than a line may be', async () => {
    const bytesWith = (id: number) =>
      Buffer.byteLength(JSON.stringify({ jsonrpc: '2.0', id, method: 'things.put', params: { items } }));
    const { sent, call, answer } = linked({ lineToPlugin: bytesWith(2 ** 31) });
    const just = call({ items });
    const { id } = await sent.when(() => true);
    answer(id);
    expect(await just).to.equal(`answer to ${id}`);
    const less = bytesWith(1) - 1;
    expect(await linked({ lineToPlugin: less }).call({ items })).to.equal(
      `too-large none: The parameters of things.put make a message of more than ${less} bytes (limits.plugins.lineToPlugin).`,
    );
  });

  const put = { ...compute.start, name: 'compute.start' } as unknown as ContractCall<object, { id: string }>;
  for (const [where, kept] of [
    ['a pipe', false],
    ['a keeper', true],
  ] as const)
    it(`comes whole over ${where}`, async function () {
      const folder = await mkdtemp(join(tmpdir(), 'annelid-long-'));
      try {
        const digest = `const digest = require('crypto').createHash('sha256').update(JSON.stringify(m.params.items)).digest('hex');`;
        const instance = bareInstance(
          `${digest} reply(m, { result: { id: digest, state: 'running' } });`,
          kept ? { keep: true } : {},
        );
        const { backend, host } = await startHost(this, [instance], {}, { keepers: join(folder, 'keepers') });
        const [whole, short] = await Promise.all([
          backend().call(put, { vm: 'a', items }),
          backend().call(put, { vm: 'b', items: [] }),
        ]);
        const of = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
        expect([whole.id, short.id]).to.deep.equal([of(items), of([])]);
        await host.stop();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
});
