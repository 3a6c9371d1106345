import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { baseResults } from '../../../plugin-protocol/contract/base.ts';
import { wish } from './join.ts';

const main = new URL('../../../plugins/memory/main.ts', import.meta.url).pathname;

interface Message {
  id?: number;
  method?: string;
  params?: { type?: string };
  result?: { items?: { name: string; state: string }[]; outcome?: string; name?: string };
  error?: { code: number; message: string; data?: object };
}

/** The plugin as a real process, spoken to in lines. */
const run = () => {
  const child: ChildProcess = spawn(process.execPath, [main], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, (message: Message) => void>();
  const heard: Message[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const message = JSON.parse(line) as Message;
    if (message.id === undefined) heard.push(message);
    else waiting.get(message.id)?.(message);
  });
  let last = 0;
  return {
    child,
    heard,
    call(method: string, params: object, ctx: object = {}): Promise<Message> {
      const id = ++last;
      const all = { ...params, ctx: { v: 1, instance: 'one', logLevel: 'info', ...ctx } };
      child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params: all })}\n`);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.stdin!.end();
      await once(child, 'exit');
    },
  };
};

describe('the memory plugin as a process', () => {
  let folder = '';
  const started: ReturnType<typeof run>[] = [];
  const plugin = () => {
    const made = run();
    started.push(made);
    return made;
  };
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'annelid-memory-'));
  });
  after(async () => {
    await Promise.all(started.map((one) => one.end()));
    await rm(folder, { recursive: true });
  });

  it('describes itself, is configured, answers calls, reports events, and ends when its input does', async () => {
    const memory = plugin();
    const { result } = await memory.call('describe', {});
    expect(compileCheck(baseResults.describe)(result)).to.include({ name: 'memory' });
    const configured = await memory.call('configure', { config: { machines: [{ id: 'm', name: 'web1' }] } });
    expect(compileCheck(baseResults.configure)(configured.result))
      .to.have.property('methods')
      .that.includes('compute.start');
    expect((await memory.call('compute.start', { vm: 'm' }, { key: 'op-1' })).result).to.include({ state: 'running' });
    expect(memory.heard.map(({ method, params }) => [method, params?.type])).to.deep.equal([['$/event', 'vm.changed']]);
    memory.child.stdin!.end();
    expect(await once(memory.child, 'exit')).to.deep.equal([0, null]);
  });

  it('answers configure with the field that is wrong', async () => {
    const { error } = await plugin().call('configure', { config: { machines: [{}] } });
    expect(error?.data).to.deep.include({ kind: 'invalid-params', field: '/config/machines/0/name' });
  });

  it('keeps two instances apart', async () => {
    const memory = plugin();
    await memory.call('configure', { config: { machines: [{ name: 'a' }] } }, { instance: 'one' });
    await memory.call('configure', { config: { machines: [{ name: 'b' }] } }, { instance: 'two' });
    const names = await Promise.all(
      ['one', 'two'].map(
        async (instance) => (await memory.call('compute.list', {}, { instance })).result?.items?.[0]?.name,
      ),
    );
    expect(names).to.deep.equal(['a', 'b']);
  });

  it('killed in the middle of twenty creates, knows afterwards each that it answered, and makes none twice', async () => {
    const config = {
      file: path.join(folder, 'cloud.json'),
      machines: [],
      latencyMs: { 'compute.create': { min: 1, max: 40 } },
    };
    const first = plugin();
    await first.call('configure', { config });
    const answered: number[] = [];
    const exit = once(first.child, 'exit');
    for (let at = 0; at < 20; at++) {
      void first.call('compute.create', wish(`m${at}`), { key: `op-${at}` }).then(() => {
        answered.push(at);
        if (answered.length === 7) first.child.kill('SIGKILL');
      });
    }
    expect(await exit).to.deep.equal([null, 'SIGKILL']);

    const second = plugin();
    await second.call('configure', { config });
    for (const at of answered) {
      const { result } = await second.call('find', { call: 'compute.create', params: {} }, { key: `op-${at}` });
      expect(result?.outcome, `op-${at}`).to.equal('done');
    }
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => second.call('compute.create', wish(`m${at}`), { key: `op-${at}` })),
    );
    const { result } = await second.call('compute.list', {});
    const names = result?.items?.map(({ name }) => name) ?? [];
    expect(names.sort()).to.deep.equal(Array.from({ length: 20 }, (_, at) => `m${at}`).sort());
  });

  it('told to crash after the work, has done it once when it is asked again', async () => {
    const file = path.join(folder, 'crash.json');
    const crash = { call: 'compute.create', after: true, crash: true, times: 1 };
    const first = plugin();
    await first.call('configure', { config: { file, machines: [], faults: [crash] } });
    const exit = once(first.child, 'exit');
    void first.call('compute.create', wish('a'), { key: 'op-1' });
    expect((await exit)[0]).to.equal(137);
    const second = plugin();
    await second.call('configure', { config: { file, machines: [] } });
    const found = await second.call('find', { call: 'compute.create', params: {} }, { key: 'op-1' });
    expect(found.result).to.deep.include({ outcome: 'done' });
  });
});
