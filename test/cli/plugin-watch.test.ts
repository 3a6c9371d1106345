import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { openControl } from '../../daemon/control/control.ts';
import { askWatch } from '../../daemon/control/watch.ts';
import type { TapListener } from '../../daemon/host/link/tap.ts';
import { cleanEnvironment, root, runAnnelid } from '../support/annelid.ts';
import { silentLog } from '../support/core.ts';
import { daemonsOfSuite } from '../support/daemon.ts';

const noop = join(root, 'plugins/noop');

describe('annelid plugin inspect --watch', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();

  it('shows what a daemon and its plugin say, without secrets, and records it to be replayed', async () => {
    const script = { 'compute.list': { result: { items: [{ id: 'n1', name: 'web1', state: 'stopped' }] } } };
    const daemon = await startDaemon({
      connectors: { lab: { plugin: 'noop', config: { script, password: 'pa55word' } } },
    });
    await daemon.call('vm.list', { refresh: true });
    const cassette = join(daemon.directory, 'lab.cassette');
    const state = ['--state', join(daemon.directory, 'state')];
    const words = ['bin/annelid.js', 'plugin', 'inspect', '--watch', 'lab', ...state, '--record', cassette];
    const child = spawn(process.execPath, words, {
      cwd: root,
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const shown: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      // It begins with what the plugin is: from then on nothing is missed.
      if (shown.push(line) === 4) void daemon.call('vm.start', { vm: 'web1', wait: 30 });
      if (/<- .*"state":"running"/.test(line)) child.kill('SIGINT');
    }
    expect(shown.join('\n')).not.to.include('pa55word');
    expect(shown[2]).to.match(/-> .*"method":"configure".*"password":"\(hidden\)"/);
    expect(shown.some((line) => /^\d\d:\d\d:\d\d\.\d{3} -> .*"compute\.start"/.test(line))).to.equal(true);
    expect(await readFile(cassette, 'utf8')).not.to.include('pa55word');

    const replayed = await runAnnelid(['plugin', 'replay', cassette, noop, '--config', JSON.stringify({ script })]);
    expect(replayed.out)
      .to.match(/^same {5}compute\.start /m)
      .and.to.match(/all as recorded\.$/m);
  });

  it('loses lines when its reader is slow, and is told how many; the daemon hears when it goes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-watch-'));
    const path = join(folder, 'control');
    const [begun, stopped] = [Promise.withResolvers<TapListener>(), Promise.withResolvers<void>()];
    const watch = (_connector: string, listener: TapListener) => {
      begun.resolve(listener);
      return stopped.resolve;
    };
    const users = { users: () => [], hasUser: () => false, putUser: async () => {}, removeUser: async () => {} };
    const watchable = { watch, secretsOf: () => [] };
    const plugins = { watchable, maxBytes: 100_000, reload: async () => [], forget: async () => {} };
    const server = await openControl(path, users, plugins, silentLog);
    const over = new AbortController();
    const lines = askWatch(path, 'one', over.signal);
    const first = lines.next();
    const listener = await begun.promise;
    // All in one turn: nothing can be read meanwhile.
    const count = 5000;
    for (let at = 0; at < count; at += 1) listener('plugin', 'x'.repeat(1000));
    const heard = { lines: 0, dropped: 0 };
    for (let { value, done } = await first; !done; { value, done } = await lines.next()) {
      if ('dropped' in value) heard.dropped += value.dropped;
      else heard.lines += 1;
      if (heard.lines + heard.dropped === count) over.abort();
    }
    expect(heard.lines).to.be.within(50, 200);
    expect(heard.dropped).to.equal(count - heard.lines);
    await stopped.promise;
    server.close();
    await rm(folder, { recursive: true });
  });

  it('says that there is no such connector, and no daemon', async () => {
    const daemon = await startDaemon();
    const env = { ANNELID_STATE: join(daemon.directory, 'state') };
    const unknown = await runAnnelid(['plugin', 'inspect', '--watch', 'nothing'], { env });
    expect([unknown.code, unknown.err]).to.deep.equal([1, 'not-found: There is no connector nothing.\n']);
    await daemon.stop();
    const nobody = await runAnnelid(['plugin', 'inspect', '--watch', 'nothing'], { env });
    expect(nobody.err).to.match(/^No daemon runs on the state directory /);
  });
});
