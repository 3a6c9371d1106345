/** Published methods while one version of a plugin takes the place of another: no call is made by what it no longer means. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Backend } from '../../daemon/core/ports.ts';
import { type PublishedMethod, termsOf } from '../../plugin-protocol/contract/published.ts';
import { any, record } from '../../plugin-protocol/shape.ts';
import { bareInstance, faultOf, gone, startHost, stopHosts } from './running-host.ts';

const method = (type: string, more: Partial<PublishedMethod> = {}): PublishedMethod => ({
  name: 'read',
  changes: false,
  params: { type: 'object', properties: { name: { type } }, required: ['name'] },
  ...more,
});
const byName = method('string');
const byNumber = method('integer');

/** A call as the core makes it by a description. */
const read = (backend: Backend, described: PublishedMethod, name: unknown) => {
  const call = { name: 'meter.read', doc: '', mutates: false, repeatable: false };
  const params = record('MeterReadParams', '', {});
  return backend.call({ ...call, params, result: any('') }, { name } as object, { terms: termsOf(described) });
};

describe('the plugin host, when published methods change', () => {
  let folder: string;
  let script: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-replaced-'));
    script = join(folder, 'plugin.js');
  });
  afterEach(async function () {
    await stopHosts(this);
    await rm(folder, { recursive: true });
  });

  /** Write the program that publishes these, and answers with what it was given and its pid. */
  const publish = async (...methods: PublishedMethod[]) => {
    const publishes = JSON.stringify([{ service: 'meter', methods }]);
    const answer = 'reply(m, { result: { name: m.params.name, pid: process.pid } });';
    const { command } = bareInstance(
      answer,
      {},
      `version: '${methods.length}', concurrency: 8, publishes: ${publishes}`,
    );
    await writeFile(script, command!.at(-1)!);
  };
  const instance = (more = {}) => bareInstance('', { plugin: script, command: [process.execPath, script], ...more });

  it('makes no call by what a method took before the plugin was started again', async function () {
    await publish(byName);
    const { backend } = await startHost(this, [instance()]);
    const { pid } = (await read(backend(), byName, 'east')) as { pid: number };
    await publish(byNumber);
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    const fault = await faultOf(read(backend(), byName, 'east'));
    expect([fault.kind, fault.message]).to.deep.equal([
      'unsupported',
      'one cannot do meter.read: it describes it otherwise than when the call was made, so look at its description and make the call anew.',
    ]);
    expect(await read(backend(), byNumber, 7)).to.include({ name: 7 });
  });

  it('makes no call that was allowed by a permission which is another one now', async function () {
    await publish(method('string', { permission: 'admin' }));
    const { backend } = await startHost(this, [instance()]);
    expect((await faultOf(read(backend(), method('string', { permission: 'public' }), 'east'))).kind).to.equal(
      'unsupported',
    );
  });

  it('takes a description for the same whatever the order of its members, and whatever it says to people', async function () {
    const params = { required: ['name'], properties: { name: { type: 'string' } }, type: 'object' };
    await publish({ params, doc: 'Read it.', changes: false, name: 'read' });
    const { backend } = await startHost(this, [instance()]);
    expect(await read(backend(), byName, 'east')).to.include({ name: 'east' });
  });

  it('gives calls to the process that has what they rely on, while one after the other is replaced', async function () {
    await publish(byName);
    const { host, backend, statuses } = await startHost(this, [instance({ processes: 2 })]);
    const pids = new Set<number>();
    // The second one starts behind the first.
    while (pids.size < 2) {
      const all = await Promise.all([1, 2].map(() => read(backend(), byName, 'east') as Promise<{ pid: number }>));
      for (const { pid } of all) pids.add(pid);
    }
    await publish(byNumber);
    let over = false;
    const seen: unknown[] = [];
    const load = async () => {
      while (!over) {
        const described = JSON.stringify(backend().publishes).includes('integer') ? byNumber : byName;
        seen.push(((await read(backend(), described, described === byName ? 'east' : 7)) as { name: unknown }).name);
      }
    };
    const callers = [load(), load(), load()];
    expect(await host.reload([instance({ processes: 2 })])).to.deep.equal([{ connector: 'one', did: 'replaced' }]);
    seen.push(((await read(backend(), byNumber, 7)) as { name: unknown }).name);
    over = true;
    await Promise.all(callers);
    expect(new Set(seen)).to.deep.equal(new Set(['east', 7]));
    expect(statuses.all.every(({ state }) => ['starting', 'ready'].includes(state))).to.equal(true);
  });
});
