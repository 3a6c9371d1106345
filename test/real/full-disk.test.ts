/** A daemon whose state is on a real file system that is small, and gets full while it works. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import type { Operation } from '../../daemon/catalogue/resources.ts';
import { Fault, type FaultData, type FaultKind } from '../../plugin-protocol/faults.ts';
import { inCi } from '../setup/packages.ts';
import { cleanEnvironment, root } from '../support/annelid.ts';

const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
const into = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];

/** A mount namespace with a tmpfs of 16 MiB at `mountPoint`, as long as its process runs; its files are seen through /proc. */
const smallDisk = async (mountPoint: string) => {
  const script = 'mount -t tmpfs -o size=16m tmpfs "$1" && echo ready && exec cat';
  const holder = spawn('unshare', [
    ...asUser,
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    script,
    'sh',
    mountPoint,
  ]);
  let complaint = '';
  holder.stderr.on('data', (piece) => {
    complaint += piece;
  });
  const ended = once(holder, 'close').then(() => {
    throw new Error(`No file system of its own could be made for the daemon: ${complaint}`);
  });
  ended.catch(() => {});
  await Promise.race([once(holder.stdout, 'data'), ended]);
  return {
    seen: join(`/proc/${holder.pid}/root`, mountPoint),
    enter: ['nsenter', ...into, '--mount', `--target=${holder.pid}`],
    async drop() {
      holder.stdin.end();
      await ended.catch(() => {});
    },
  };
};

/** Takes the room that is left but for some, while the daemon takes more of it. */
const fill = (disk: string, left: number, name = 'filler') => {
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(join(disk, name), Buffer.alloc(Math.max(0, bavail * bsize - left)));
  } catch (error) {
    // Full is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
};

describe('a daemon on a disk that gets full', function () {
  this.timeout(60_000);
  let folder: string;
  let disk: Awaited<ReturnType<typeof smallDisk>>;

  before(async function () {
    folder = await mkdtemp(join(tmpdir(), 'annelid-full-disk-'));
    await mkdir(join(folder, 'disk'));
    try {
      disk = await smallDisk(join(folder, 'disk'));
    } catch (error) {
      if (inCi) throw error;
      process.stderr.write(`skipped: ${(error as Error).message}\n`);
      this.skip();
    }
  });
  after(async () => {
    await disk?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const serve = async (name = 'state') => {
    const config = join(folder, 'annelid.yaml');
    const connectors = { memory: { plugin: 'memory', config: { file: join(folder, 'cloud.json') } } };
    const state = join(folder, 'disk', name);
    await writeFile(config, JSON.stringify({ listen: { port: 0 }, state, log: { format: 'json' }, connectors }));
    const command = [...disk.enter, process.execPath, join(root, 'bin/annelid.js'), 'serve', '--config', config];
    const child = spawn(command[0]!, command.slice(1), {
      env: cleanEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const log: string[] = [];
    const ready = Promise.withResolvers<string | undefined>();
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line);
      if (line.includes('"The daemon is ready."')) ready.resolve((JSON.parse(line) as { url: string }).url);
    });
    const ended = once(child, 'close').then(([code]) => code as number);
    void ended.then(() => ready.resolve(undefined));
    const url = await ready.promise;
    const password = () => readFileSync(join(disk.seen, name, 'admin-password'), 'utf8').trim();
    const call = async <T>(method: string, params: object): Promise<T> => {
      const reply = await fetch(`${url}/jsonrpc`, {
        method: 'POST',
        headers: { Authorization: `Basic ${btoa(`admin:${password()}`)}` },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
      const { result, error } = (await reply.json()) as {
        result: T;
        error?: { message: string; data: FaultData & { kind: FaultKind } };
      };
      if (error === undefined) return result;
      throw new Fault(error.data.kind, error.message, error.data);
    };
    // The port answers before the connector does, whose change of state is an event.
    for (let after = '0'; url !== undefined; ) {
      const { items } = await call<{ items: { state: string }[] }>('connector.list', {});
      if (items.every(({ state }) => state === 'ready')) break;
      after = (await call<{ next: string }>('event.poll', { after, wait: 10, types: ['connector.state'] })).next;
    }
    return { call, log, ended, url, stop: () => child.kill('SIGTERM') };
  };

  it('answers clearly, ends with 1, and has all that it acknowledged once there is room', async () => {
    const first = await serve();
    const acknowledged: Operation[] = [];
    const faults: Fault[] = [];
    let made = 0;
    const worker = async () => {
      for (;;) {
        made += 1;
        try {
          // With `wait` a call is under way whenever the disk gets full, whatever it is that cannot be written.
          const create = { name: `vm${made}`, key: `key${made}`, wait: 60 };
          acknowledged.push(await first.call<Operation>('vm.create', create));
        } catch (error) {
          if (error instanceof Fault) faults.push(error);
          return;
        }
        if (acknowledged.length === 100) fill(disk.seen, 64 * 1024);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(acknowledged.length).to.be.at.least(100);
    expect(faults).not.to.deep.equal([]);
    for (const { kind, message, data } of faults) {
      expect([kind, message]).to.deep.equal(['unavailable', 'The store cannot be written.']);
      expect(data.outcome).to.equal('unknown');
    }
    expect(await first.ended).to.equal(1);
    expect(first.log.at(-1)).to.include('The daemon cannot go on.').and.to.include('database or disk is full');

    // What is left of the room.
    fill(disk.seen, 0, 'rest');
    const full = await serve('other');
    expect(full.url, full.log.join('\n')).to.equal(undefined);
    expect(await full.ended).to.equal(1);
    expect(full.log.at(-1))
      .to.include(`state, from state in ${join(folder, 'annelid.yaml')}: `)
      .and.to.include('make room');

    for (const name of ['filler', 'rest']) unlinkSync(join(disk.seen, name));
    const later = await serve();
    for (const { id, resource } of acknowledged) {
      expect(await later.call('operation.wait', { operation: id, wait: 30 })).to.include({ id, state: 'succeeded' });
      expect(await later.call('vm.get', { vm: resource })).to.include({ id: resource });
    }
    const { items } = await later.call<{ items: { name: string }[] }>('vm.list', { refresh: true });
    const names = items.map(({ name }) => name);
    expect(names.length, 'nothing was made twice').to.equal(new Set(names).size);
    later.stop();
    expect(await later.ended).to.equal(0);
  });
});
