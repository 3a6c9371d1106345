/** The ledger in a file: each entry once, whichever side is killed when. */
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { v7 as uuid } from 'uuid';
import { parse } from 'yaml';
import type { Event } from '../../../daemon/catalogue/resources.ts';
import { accounting, type UsageEntry } from '../../../plugin-protocol/contract/accounting.ts';
import { checkCommand, wrongIn } from '../../conformance/check.ts';
import { faultOf, startHost, stopHosts } from '../../host/running-host.ts';
import { requireSuite } from '../../setup/packages.ts';
import { root } from '../../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon, until } from '../../support/daemon.ts';

const folder = join(root, 'plugins/ledger');
const readme = await readFile(join(folder, 'README.md'), 'utf8');

const entry = (number: number): UsageEntry => ({
  id: uuid(),
  vm: uuid(),
  name: `web${number} Zoë 東京 \u2028`,
  account: 'acme',
  connector: 'kvm1',
  vcpus: 2,
  memoryMiB: 1024,
  began: '2026-01-31T12:00:00.000Z',
  ended: '2026-01-31T12:00:01.500Z',
  seconds: 1.5,
});

/** The lines of the file; undefined when it is not there. */
const linesOf = async (file: string): Promise<UsageEntry[]> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as UsageEntry);
};

describe('the ledger in a file', function () {
  this.timeout(60_000);
  let scratch: string;
  let file: string;
  before(async function () {
    await requireSuite(this, 'ruby sdk');
  });
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'annelid-ledger-'));
    file = join(scratch, 'usage.jsonl');
  });
  afterEach(async function () {
    await stopHosts(this);
    await rm(scratch, { recursive: true });
  });

  const startLedger = async (test: Mocha.Context, command?: string[]) => {
    const { backend } = await startHost(test, [
      { id: 'books', plugin: 'ledger', config: { file }, ...(command && { command }) },
    ]);
    return (...entries: UsageEntry[]) => backend().call(accounting.record, { entries });
  };

  it('has what it was told, once, however often that comes', async function () {
    const [first, second, third] = [entry(1), entry(2), entry(3)];
    const record = await startLedger(this);
    await record(first, second);
    await record(second, third, third);
    await record(first);
    expect(await linesOf(file)).to.deep.equal([first, second, third]);
    await stopHosts(this);
    const again = await startLedger(this);
    await again(third, entry(4));
    expect((await linesOf(file)).map(({ name }) => name[3])).to.deep.equal(['1', '2', '3', '4']);
  });

  for (const [moment, when] of [
    ['before', 'before anything is written'],
    ['half', 'in the middle of a line'],
    ['written', 'when all is written and nothing answered'],
  ] as const) {
    it(`has each entry once when the plugin is killed ${when}`, async function () {
      const crash = join(root, 'test/plugins/ledger/crash.rb');
      const marker = join(scratch, 'killed');
      const record = await startLedger(this, ['/usr/bin/ruby', '-r', crash, join(folder, 'main.rb'), moment, marker]);
      const told = [entry(1), entry(2)];
      expect((await faultOf(record(...told))).kind).to.equal('unavailable');
      await record(...told);
      await record(entry(3));
      const lines = await linesOf(file);
      expect(lines.slice(0, 2)).to.deep.equal(told);
      expect(lines).to.have.length(3);
    });
  }

  it('is not written to while a line in it is no entry; the daemon keeps what it has', async function () {
    const record = await startLedger(this);
    await record(entry(1));
    await appendFile(file, 'begun by hand\n');
    const fault = await faultOf(record(entry(2)));
    expect([fault.kind, fault.message]).to.deep.equal([
      'unavailable',
      'The ledger cannot be written: line 2 of the file is no entry.',
    ]);
    await writeFile(file, '');
    await record(entry(2));
    expect(await linesOf(file)).to.have.length(1);
  });

  it('is written by a plugin that holds every clause', async function () {
    this.timeout(120_000);
    const command = ['/usr/bin/ruby', 'main.rb'];
    const subject = { kind: 'program', command, folder } as const;
    const books = '{scratch}/usage.jsonl';
    const report = await checkCommand(command, { subject, config: { file: books }, books });
    expect(wrongIn(report)).to.deep.equal([]);
    const held = report.clauses.filter(({ status }) => status === 'passed').map(({ clause }) => clause);
    expect(held).to.include.members(['6.1', '8.7', '19.1', '19.2', '19.3']);
  });

  it('is configured as the README shows, which shows a line of it', () => {
    const [, yaml = ''] = readme.match(/```yaml\n([^`]*)```/) ?? [];
    const { books } = parse(yaml).connectors;
    expect(books).to.include({ plugin: 'ledger', accounting: true });
    expect(Object.keys(books.config)).to.deep.equal(['file']);
    const [, line = ''] = readme.match(/```json\n([^`]*)```/) ?? [];
    expect(Object.keys(JSON.parse(line))).to.deep.equal(Object.keys(entry(1)));
  });
});

describe('usage when the daemon and its plugins are killed', function () {
  this.timeout(180_000);
  const startDaemon = daemonsOfSuite();
  const names = ['a', 'b', 'c', 'd'];
  let daemon: TestDaemon;

  before(async function () {
    await requireSuite(this, 'ruby sdk');
    daemon = await startDaemon({
      limits: { accounting: { periodSeconds: 1, batch: 3, retryMaxMs: 50 } },
      connectors: (directory) => ({
        kvm1: { plugin: 'memory', config: { file: join(directory, 'cloud.json'), machines: [] } },
        books: { plugin: 'ledger', accounting: true, config: { file: join(directory, 'usage.jsonl') } },
      }),
    });
  });

  const killBooks = async () => {
    for (const { pid, command } of await daemon.offspring()) {
      if (!command.endsWith('main.rb')) continue;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  };
  /** Starts and stops all machines, whatever is killed meanwhile. */
  const churn = (round: number) =>
    Promise.allSettled(
      names.map((vm, at) => daemon.call((round + at) % 2 === 0 ? 'vm.start' : 'vm.powerOff', { vm, wait: 20 })),
    );
  const allOf = async <T>(method: string, member: string, params: object): Promise<T[]> => {
    const all: T[] = [];
    for (let after: string | undefined; ; ) {
      const page = await daemon.call<Record<string, T[]> & { next?: string }>(method, {
        ...params,
        ...(after && { after }),
      });
      all.push(...page[member]!);
      if (page.next === undefined || page[member]!.length === 0) return all;
      after = page.next;
    }
  };

  it('has each moment of each machine once, in the ledger and in the file', async () => {
    for (const name of names)
      await daemon.call('vm.create', { name, vcpus: 1, memoryMiB: 64, connector: 'kvm1', wait: 20 });
    for (let round = 0; round < 6; round += 1) {
      const churning = churn(round);
      if (round % 2 === 0) {
        await killBooks();
        await churning;
      } else {
        // The first answer has come: the others are under way.
        await Promise.race([churning, daemon.call('vm.list', { refresh: true })]);
        await daemon.kill();
        await churning;
        await daemon.start();
      }
    }
    const isSettled = async () =>
      (await daemon.call<{ total: number }>('operation.list', { state: 'running' })).total === 0;
    await until(isSettled);
    for (const vm of names) await daemon.call('vm.powerOff', { vm, wait: 20 }).catch(() => {});

    const ledger = await allOf<UsageEntry>('usage.list', 'items', { limit: 7 });
    const events = await allOf<Event>('event.poll', 'events', { after: '0' });
    const counts: Record<string, boolean> = { running: true, paused: true, stopped: false, deleted: false };
    const ran = new Map<string, number>();
    const since = new Map<string, number>();
    for (const { type, resource, time, data } of events) {
      const runs = type === 'vm.created' || type === 'vm.state' ? counts[data.state!] : undefined;
      if (runs === true && !since.has(resource)) since.set(resource, Date.parse(time));
      if (runs !== false || !since.has(resource)) continue;
      ran.set(resource, (ran.get(resource) ?? 0) + Date.parse(time) - since.get(resource)!);
      since.delete(resource);
    }
    expect(since.size).to.equal(0);
    const entered = new Map<string, number>();
    const last = new Map<string, string>();
    for (const { vm, began, ended } of ledger) {
      expect(began >= (last.get(vm) ?? ''), `${vm} is counted twice at ${began}`).to.equal(true);
      last.set(vm, ended);
      entered.set(vm, (entered.get(vm) ?? 0) + Date.parse(ended) - Date.parse(began));
    }
    expect(ran.size).to.equal(names.length);
    expect(Object.fromEntries(entered)).to.deep.equal(Object.fromEntries(ran));

    const file = join(daemon.directory, 'usage.jsonl');
    const byId = (entries: readonly UsageEntry[]) => [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
    await until(async () => (await linesOf(file)).length >= ledger.length);
    expect(byId(await linesOf(file))).to.deep.equal(byId(ledger));
  });
});
