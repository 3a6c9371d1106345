import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { expectFault } from './fails.ts';
import { join, wish } from './join.ts';

describe('the file of the memory cloud', () => {
  let folder = '';
  let file = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'annelid-memory-'));
    file = path.join(folder, 'cloud.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('brings back all machines as they were, with their addresses, memory, console and keys', async () => {
    const cloud = await join({ file });
    const params = wish('a', { networks: ['default'], memoryMiB: 30_000 });
    const made = await cloud.call('compute.create', params, { key: 'op-1' });
    await cloud.call('compute.start', { vm: made.id }, { key: 'op-2' });
    cloud.clock.now += 20_000;
    const before = await cloud.call('compute.list', {});

    const again = await join({ file });
    again.clock.now = cloud.clock.now;
    expect(await again.call('compute.list', {})).to.deep.equal(before);
    expect(await again.call('compute.hosts', {})).to.deep.equal(await cloud.call('compute.hosts', {}));
    const piece = { vm: made.id, maxBytes: 4096 };
    const written = await again.call('compute.consoleOutput', piece);
    expect(written).to.deep.equal(await cloud.call('compute.consoleOutput', piece));
    expect(Number(written.end)).to.be.greaterThan(0);
    expect((await again.find('compute.create', 'op-1')).outcome).to.equal('done');
    expect((await again.find('compute.start', 'op-2')).outcome).to.equal('done');
    expect((await again.find('compute.start', 'op-3')).outcome).to.equal('none');
    const next = await again.call('compute.create', wish('b', { networks: ['default'] }));
    expect(made.addresses).not.to.deep.equal(next.addresses);
    const taken = (await again.call('compute.list', {})).items.flatMap(({ addresses }) => addresses);
    expect(new Set(taken).size).to.equal(taken.length);
  });

  it('keeps a machine that is being changed as it was before', async () => {
    const cloud = await join({ file, machines: [{ id: 'm', name: 'web1' }], latencyMs: { 'compute.start': 60_000 } });
    const abort = new AbortController();
    const slow = cloud.call('compute.start', { vm: 'm' }, { signal: abort.signal }).catch((error) => error);
    await cloud.call('compute.create', wish('a'));
    const again = await join({ file });
    expect((await again.call('compute.get', { vm: 'm' })).state).to.equal('stopped');
    abort.abort();
    await slow;
  });

  it('is always whole and holds every change that was answered, however many come at once', async () => {
    const cloud = await join({ file, machines: [] });
    await Promise.all(
      Array.from({ length: 50 }, async (_, at) => {
        const { id } = await cloud.call('compute.create', wish(String(at)));
        const { machines } = JSON.parse(await readFile(file, 'utf8')) as { machines: { id: string }[] };
        expect(machines.map((machine) => machine.id)).to.include(id);
      }),
    );
    expect(await readdir(folder)).to.deep.equal(['cloud.json']);
  });

  it('is refused by a path that would be one in the folder of the plugin', async () => {
    const message = 'file must be the absolute path of a file.';
    await expectFault(join({ file: 'cloud.json' }), 'invalid-params', message, { field: '/config/file' });
  });

  it('is refused when it is damaged or of another program, and left as it is', async () => {
    await writeFile(file, '{"format":1,"machi');
    await expectFault(join({ file }), 'invalid-params', `${file} is no JSON document.`, { field: '/config/file' });
    await writeFile(file, '{"format":9}');
    await expectFault(join({ file }), 'invalid-params', `${file} was not written by this plugin.`);
    expect(await readFile(file, 'utf8')).to.equal('{"format":9}');
  });
});
