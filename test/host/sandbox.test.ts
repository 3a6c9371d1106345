/** What a plugin in a sandbox can see, reach and leave behind. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Backend } from '../../daemon/core/ports.ts';
import type { InstanceConfig } from '../../daemon/host/index.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { requireSuite } from '../setup/packages.ts';
import { daemonsOfSuite, until } from '../support/daemon.ts';
import { processes } from '../support/processes.ts';
import { bareInstance, pluginDirectories, startHost, stopHosts } from './running-host.ts';

/** Answers what JavaScript makes of the id of a machine. */
const answering = `Promise.resolve().then(() => eval(m.params.vm)).catch((error) => error.code ?? error.message)
  .then((seen) => reply(m, { result: { id: String(seen), state: 'running' } }));`;
const boxed = (more: Partial<InstanceConfig> = {}) => bareInstance(answering, { sandbox: true, ...more });
const within = async (backend: Backend, expression: string) => (await backend.call(compute.get, { vm: expression })).id;
const sees = (path: string) => `require('fs').existsSync(${JSON.stringify(path)})`;
const writes = (path: string) => `require('fs').writeFileSync(${JSON.stringify(path)}, 'x')`;
const runs = (program: string) => `require('child_process').spawnSync('${program}', ['-c', 'true']).error?.code`;
const roomAt = (path: string) =>
  `(({ blocks, bsize }) => blocks * bsize / 2 ** 20)(require('fs').statfsSync('${path}'))`;
const connects = (port: number) =>
  `new Promise((done, no) => require('net').connect(${port}, '127.0.0.1', () => done('connected')).on('error', no))`;

describe('A plugin in a sandbox', function () {
  this.timeout(30_000);
  let folder: string;
  let server: Server;
  let port: number;
  const start = daemonsOfSuite();

  before(async function () {
    await requireSuite(this, 'sandbox');
    folder = await mkdtemp(join(tmpdir(), 'annelid-sandbox-'));
    mkdirSync(join(folder, 'state'));
    for (const file of ['plain', 'state/secret']) writeFileSync(join(folder, file), 'secret');
    server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async function () {
    await stopHosts(this);
  });
  after(async () => {
    server?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it('sees nothing of the machine, reaches nobody, changes nothing, runs nothing', async function () {
    const { backend } = await startHost(this, [boxed()]);
    for (const path of ['/etc/shadow', '/root', '/home', '/var', '/run', '/sys', join(folder, 'plain'), '/bin/sh']) {
      expect(await within(backend(), sees(path)), path).to.equal('false');
    }
    expect(await within(backend(), connects(port))).to.equal('ECONNREFUSED');
    expect(await within(backend(), runs('/bin/sh'))).to.equal('ENOENT');
    expect(await within(backend(), writes('/usr/lib/x'))).to.equal('EROFS');
    // Whoever could write this would have the kernel run a program outside, as root.
    const opens = `require('fs').openSync('/proc/sys/kernel/core_pattern', 'r+')`;
    expect(await within(backend(), opens)).to.be.oneOf(['EROFS', 'EACCES']);
    for (const path of ['/x', '/dev/x', '/etc/x'])
      expect(await within(backend(), writes(path)), path).to.equal('EROFS');
    expect(await within(backend(), writes('/dev/shm/own'))).to.equal('undefined');
    expect(await within(backend(), writes('/tmp/annelid-own'))).to.equal('undefined');
    expect(existsSync('/tmp/annelid-own')).to.equal(false);
    // Itself, and what holds it there.
    expect(Number(await within(backend(), `require('fs').readdirSync('/proc').filter(Number).length`))).to.be.below(4);
  });

  it('has one for each call where each call has a process, with the same bounds', async function () {
    const { backend } = await startHost(this, [boxed({ oneShot: true, resources: { memoryMiB: 4000 } })]);
    expect(await within(backend(), sees(join(folder, 'plain')))).to.equal('false');
    expect(await within(backend(), `${writes('/tmp/own')}, ${sees('/tmp/own')}`)).to.equal('true');
    expect(await within(backend(), sees('/tmp/own'))).to.equal('false');
    expect(await within(backend(), roomAt('/tmp'))).to.equal('4000');
  });

  it('fills no more memory by files of its own than it may have', async function () {
    const { backend } = await startHost(this, [boxed({ resources: { memoryMiB: 4000 } })]);
    for (const path of ['/tmp', '/dev/shm']) {
      expect(await within(backend(), roomAt(path)), path).to.equal('4000');
    }
  });

  it('has what it needs', async function () {
    const fs = [{ path: join(folder, 'plain') }, { path: join(folder, 'written'), write: true }];
    writeFileSync(join(folder, 'written'), '');
    const { backend } = await startHost(this, [boxed({ needs: { net: true, exec: true, fs } })]);
    expect(await within(backend(), connects(port))).to.equal('connected');
    expect(await within(backend(), runs('/bin/sh'))).to.equal('undefined');
    expect(await within(backend(), sees(join(folder, 'plain')))).to.equal('true');
    expect(await within(backend(), writes(join(folder, 'plain')))).to.equal('EROFS');
    expect(await within(backend(), writes(join(folder, 'written')))).to.equal('undefined');
    expect(readFileSync(join(folder, 'written'), 'utf8')).to.equal('x');
  });

  it('is of a manifest that says what it needs, and never sees the state of the daemon in its folder', async function () {
    const script = join(folder, 'plugin.py');
    writeFileSync(
      script,
      `
import json, os, sys
for line in sys.stdin:
    m = json.loads(line)
    seen = [os.path.exists(path) for path in (${JSON.stringify([
      script,
      join(folder, 'state/secret'),
      '/usr/bin/env',
    ]).slice(1, -1)})]
    answers = {"describe": {"proto": [1], "name": "p", "version": "1", "methods": ["compute.list"]},
               "compute.list": {"items": [{"id": str(seen), "state": "running"}]}}
    print(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": answers.get(m["method"], {})}), flush=True)
`,
    );
    const manifest = { name: 'p', version: '1', run: ['/usr/bin/python3', 'plugin.py'] };
    for (const [needs, seen] of [
      [{}, '[True, False, False]'],
      [{ exec: true }, '[True, False, True]'],
    ] as const) {
      writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, needs }));
      const instance = { id: 'one', plugin: folder, config: {}, sandbox: true };
      const { backend } = await startHost(this, [instance], {}, { keepers: join(folder, 'state/keepers') });
      expect((await backend().call(compute.list, {})).items[0]!.id).to.equal(seen);
    }
  });

  it('leaves nothing behind, whatever it did to hide it, also when the daemon is killed', async () => {
    const hidden = `1e9) // hidden-${process.pid}`;
    const { command } = bareInstance(`
      if (m.method !== 'compute.list') return;
      const options = { detached: true, env: {}, stdio: 'ignore' };
      require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, ${hidden}'], options).unref();
      reply(m, { result: { items: [] } });`);
    const connectors = { one: { plugin: 'bare', command: [...command!], sandbox: true } };
    const daemon = await start({ connectors });
    const left = async () => (await processes()).filter(({ command: words }) => words.endsWith(hidden));
    await daemon.call('vm.list', { refresh: true });
    await until(async () => (await left()).length > 0);
    await daemon.kill();
    await until(async () => (await left()).length === 0);
  });

  it('runs with the kit of this package', async function () {
    const { backend } = await startHost(this, [{ id: 'one', plugin: 'noop', config: {}, sandbox: true }]);
    expect(backend().state).to.equal('ready');
  });

  it('is held by a keeper like any other', async function () {
    const keepers = join(folder, 'state/keepers');
    const count = 'globalThis.asked = (globalThis.asked ?? 0) + 1';
    const first = await startHost(this, [boxed({ keep: true })], {}, { keepers });
    expect(await within(first.backend(), count)).to.equal('1');
    await first.host.stop(true);
    // Something is made in a folder that the sandbox names.
    await rm(await mkdtemp(join(tmpdir(), 'annelid-other-')), { recursive: true });
    const second = await startHost(this, [boxed({ keep: true })], {}, { keepers });
    expect(await within(second.backend(), count)).to.equal('2');
  });

  it('says what is missing where there is no bubblewrap', async function () {
    const { PATH } = process.env;
    process.env.PATH = folder;
    try {
      const { backend } = await startHost(this, [boxed({ command: [process.execPath, `${pluginDirectories[0]}/x`] })]);
      expect(backend().status().message).to.include('A sandbox needs bwrap (Debian: the package bubblewrap)');
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('says what to name in needs.fs where an interpreter is installed outside of what it shows', async function () {
    const home = join(folder, 'interpreter');
    for (const part of ['bin', 'lib']) mkdirSync(join(home, part), { recursive: true });
    const [interpreter, library] = [join(home, 'bin/run'), join(home, 'lib/real')];
    writeFileSync(interpreter, `#!/bin/sh\nexec ${library} "$@"\n`, { mode: 0o755 });
    writeFileSync(library, `#!/bin/sh\nexec ${process.execPath} "$@"\n`, { mode: 0o755 });
    const { command } = bareInstance(answering);
    const within = (more: Partial<InstanceConfig>) => boxed({ command: [interpreter, ...command!.slice(1)], ...more });
    const lacking = await startHost(this, [within({})]);
    const { message } = lacking.backend().status();
    expect(message).to.match(/^The plugin ended with code 127: .*not found\. The sandbox shows nothing of /);
    expect(message).to.include(`nothing of ${home} but ${interpreter}: name ${home} in needs.fs`);
    const { backend } = await startHost(this, [within({ needs: { fs: [{ path: home }] } })]);
    expect(backend().state).to.equal('ready');
  });

  it('shows the program behind env, and says what to name in needs where one is missing', async function () {
    const { command } = bareInstance(answering);
    const behind = await startHost(this, [boxed({ command: ['env', 'ONE=1', ...command!] })]);
    expect(await within(behind.backend(), 'process.env.ONE')).to.equal('1');
    const lacking = await startHost(this, [boxed({ command: ['sh', '-c', 'exec env node'] })]);
    expect(lacking.backend().status().message)
      .to.match(/^The plugin ended with code 127: .*\. The sandbox shows no programs but the one/)
      .and.to.include('say exec: true in needs, in manifest.json or the configuration');
  });

  it('says what to do where its user cannot reach what it shows, or bubblewrap is too old for a limit', async function () {
    const tools = join(folder, 'words');
    mkdirSync(tools);
    const { PATH } = process.env;
    process.env.PATH = `${tools}:${PATH}`;
    try {
      for (const [words, told] of [
        [
          "bwrap: Can't find source path /root/cloud: Permission denied",
          'must be able to reach what the sandbox shows',
        ],
        ['bwrap: Unknown option --size', 'With resources.memoryMiB a sandbox needs bubblewrap 0.7 or later'],
      ] as const) {
        writeFileSync(join(tools, 'bwrap'), `#!/bin/sh\necho "${words}" >&2\nexit 1\n`, { mode: 0o755 });
        const { backend } = await startHost(this, [boxed()]);
        expect(backend().status().message).to.include(words).and.to.include(told);
      }
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('says what to do where the machine does not let its user make one', async function () {
    const tools = join(folder, 'tools');
    mkdirSync(tools);
    const words = 'bwrap: No permissions to create new namespace, likely because the kernel does not allow it.';
    writeFileSync(join(tools, 'bwrap'), `#!/bin/sh\necho '${words}' >&2\nexit 1\n`, { mode: 0o755 });
    const { PATH } = process.env;
    process.env.PATH = `${tools}:${PATH}`;
    try {
      const { backend } = await startHost(this, [boxed()]);
      const { message } = backend().status();
      expect(message).to.match(/^The plugin ended with code 1: bwrap: No permissions to create new namespace/);
      expect(message).to.include('allow user namespaces').and.to.include('or leave sandbox out');
    } finally {
      process.env.PATH = PATH;
    }
  });
});
