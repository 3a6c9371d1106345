/** Messages of plugins that are long: read in slices, in their order, whatever happens meanwhile. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createLink } from '../../daemon/host/link/link.ts';
import { createOutputReader } from '../../daemon/host/transport/transport.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import type { Fault } from '../../plugin-protocol/faults.ts';
import { longLine } from '../../plugin-protocol/rpc/lines.ts';
import { countTurns } from '../support/slices.ts';
import { bareInstance, createWatch, faultOf, startHost, stopHosts } from './running-host.ts';

const many = 20_000;
const items = Array.from({ length: many }, (_, at) => ({ id: `vm-${at}`, state: 'running' }));

/** A link over which a test says what a plugin would. */
const linked = () => {
  const happened: string[] = [];
  const ids = createWatch<number>();
  const link = createLink({
    name: 'one',
    limits: defaultLimits.plugins,
    send(written) {
      const text = typeof written === 'string' ? written : Buffer.concat(written).toString();
      for (const line of text.trim().split('\n')) {
        const { id, method } = JSON.parse(line) as { id?: number; method: string };
        if (id === undefined) happened.push(method);
        else ids.add(id);
      }
      return true;
    },
    onUnanswered: () => {},
    onNoise: (_, why) => happened.push(why),
    onNotification: (method) => happened.push(method),
    onRequest: async () => ({}),
  });
  link.described({ proto: [1], name: 'one', version: '1', methods: [], concurrency: 8, features: ['cancel'] });
  const lines = createOutputReader({
    maxLine: link.maxLineFromPlugin,
    onLine: link.receive,
    onLong: link.receiveLong,
    onTooLong: link.receiveTooLong,
    onInvalid: link.receiveInvalid,
    onError: () => {},
    onWritable: link.writable,
    onKept: () => {},
    onCallEnded: () => {},
    onOutdated: () => {},
  });
  let calls = 0;
  /** Resolves once a call has been sent; its end is told in `happened`. */
  const call = async (name: string, signal?: AbortSignal) => {
    const request = { method: 'compute.list', params: {}, check: (value: unknown) => value, mutates: false };
    const outcome = link.request({ ...request, timeoutMs: 60_000, signal }).then(
      (result) => happened.push(`${name} ${(result as { items: unknown[] }).items.length}`),
      (fault: Fault) => happened.push(`${name} ${fault.kind}: ${fault.message}`),
    );
    const at = calls++;
    await ids.when(() => ids.all.length > at);
    return { id: ids.all[at]!, outcome };
  };
  const push = (...messages: readonly (object | string)[]) =>
    lines.push(
      Buffer.from(messages.map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join('')),
    );
  return { link, lines, happened, call, push };
};

const answer = (id: number, list: unknown = items) => ({ jsonrpc: '2.0', id, result: { items: list } });
const event = { jsonrpc: '2.0', method: '$/event', params: { type: 'resync' } };

describe('a long message of a plugin', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('is read in slices, and what comes behind it is heard behind it', async () => {
    const { lines, happened, call, push } = linked();
    const [first, second, third] = [await call('first'), await call('second'), await call('third')];
    const turns = countTurns();
    push(event, answer(first.id), event, answer(second.id, []), answer(third.id), event);
    expect(happened).to.deep.equal(['$/event']);
    await lines.busy;
    expect(turns()).to.be.at.least(10);
    expect(happened).to.deep.equal(['$/event', 'first 20000', '$/event', 'second 0', 'third 20000', '$/event']);
  });

  it('that comes while another one is read waits, wherever it is cut', async () => {
    const { lines, happened, call, push } = linked();
    const [first, second] = [await call('first'), await call('second')];
    push(answer(first.id));
    const rest = Buffer.from(`${JSON.stringify(answer(second.id))}\n${JSON.stringify(event)}`);
    for (let at = 0; at < rest.length; at += 65_536) lines.push(rest.subarray(at, at + 65_536));
    lines.end();
    expect(happened).to.deep.equal([]);
    await lines.busy;
    expect(happened).to.deep.equal(['first 20000', 'second 20000', '$/event']);
    expect(lines.busy).to.equal(undefined);
  });

  it('answers its call also when that was cancelled while it was read', async () => {
    const { happened, call, push } = linked();
    const ending = new AbortController();
    const { id, outcome } = await call('call', ending.signal);
    push(answer(id));
    ending.abort();
    await outcome;
    expect(happened).to.deep.equal(['$/cancel', 'call 20000']);
  });

  it('is nothing to a call that has failed, since the plugin has ended, while it was read', async () => {
    const { link, lines, happened, call, push } = linked();
    const { id, outcome } = await call('call');
    push(answer(id));
    link.close('ended with code 1', true);
    await outcome;
    await lines.busy;
    const fault = 'call unavailable: The plugin of one ended with code 1.';
    expect(happened).to.deep.equal([fault, 'answers no call that is under way']);
  });

  it('that is none is noise, behind which a message is found; one that is not UTF-8 fails its call', async () => {
    const { lines, happened, call, push } = linked();
    const [first, second] = [await call('first'), await call('second')];
    push('x'.repeat(2 * longLine), `noise ${JSON.stringify(answer(first.id))}`);
    lines.push(Buffer.from(`${JSON.stringify(answer(second.id, ['ä'.repeat(longLine)]))}\n`, 'latin1'));
    await second.outcome;
    expect(happened).to.deep.equal([
      'is no message',
      'is no message',
      'first 20000',
      'second internal: one answered compute.list with text that is not UTF-8.',
    ]);
  });

  it('is read to its end when the plugin ends behind it', async function () {
    const last = `
      const { writeSync } = require('node:fs');
      const items = Array.from({ length: ${many} }, (_, at) => ({ id: 'vm-' + at, state: 'running' }));
      let text = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: m.id, result: { items } }));
      while (text.length > 0) {
        try { text = text.subarray(writeSync(1, text)); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
      }
      process.exit(0);`;
    const { backend } = await startHost(this, [bareInstance(last)]);
    expect((await backend().call(compute.list, {})).items).to.deep.equal(items);
  });

  it('is refused with the name of the limit when it is longer than a line may be', async function () {
    const { backend } = await startHost(
      this,
      [bareInstance(`reply(m, { result: { items: [{ id: 'x'.repeat(${2 * longLine}), state: 'running' }] } });`)],
      { lineFromPlugin: 2 * longLine },
    );
    const fault = await faultOf(backend().call(compute.list, {}));
    expect(fault.message).to.include(
      `with a message of more than ${2 * longLine} bytes (limits.plugins.lineFromPlugin)`,
    );
  });

  for (const [where, kept] of [
    ['a pipe', false],
    ['a keeper', true],
  ] as const)
    it(`comes over ${where} in its order`, async function () {
      const folder = await mkdtemp(join(tmpdir(), 'annelid-long-'));
      try {
        const later = `
          if (m.method === 'compute.list') return void (globalThis.list = m);
          const items = Array.from({ length: ${many} }, (_, at) => ({ id: 'vm-' + at, state: 'running' }));
          reply(globalThis.list, { result: { items } });
          reply(m, { result: { id: 'x', state: 'running' } });`;
        const instance = bareInstance(later, kept ? { keep: true } : {}, 'concurrency: 2');
        const { backend, host } = await startHost(this, [instance], {}, { keepers: join(folder, 'keepers') });
        const order: string[] = [];
        const list = backend().call(compute.list, {});
        const get = backend().call(compute.get, { vm: 'x' });
        await Promise.all([
          list.then(({ items: { length } }) => order.push(`list ${length}`)),
          get.then(() => order.push('get')),
        ]);
        expect(order).to.deep.equal([`list ${many}`, 'get']);
        await host.stop();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
});
