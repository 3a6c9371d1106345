import { join } from 'node:path';
import { expect } from 'chai';
import type { Event, Operation, Vm } from '../../daemon/catalogue/resources.ts';
import type { Story } from '../../daemon/catalogue/story.ts';
import { runAnnelid } from '../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon, until } from '../support/daemon.ts';

describe('annelid why', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;
  const why = (operation: string, ...words: string[]) =>
    runAnnelid(['why', operation, ...words], { env: { ANNELID_STATE: join(daemon.directory, 'state') } });
  const storyOf = (operation: string) => daemon.call<Story>('operation.explain', { operation });

  before(async () => {
    const vms = [
      { id: 'n1', name: 'web1', state: 'stopped' },
      { id: 'n2', name: 'web2', state: 'stopped' },
    ];
    daemon = await startDaemon({
      connectors: {
        lab: {
          plugin: 'noop',
          config: {
            script: {
              'compute.list': { result: { items: vms } },
              'compute.start': [
                {
                  log: 'Asking node 7.',
                  progress: { percent: 30, message: 'Booting.' },
                  fault: { kind: 'failed', message: 'Node 7 is down.', data: { outcome: 'none', provider: 'req-77' } },
                },
                { stderr: 'node 7: no answer', hang: true },
              ],
            },
          },
        },
      },
    });
    await daemon.call('vm.list', { refresh: true });
  });

  it('tells of a failure with what the plugin logged and how the backend calls it', async () => {
    const { id } = await daemon.call<Operation>('vm.start', { vm: 'web1' });
    await daemon.call('operation.wait', { operation: id });
    const { code, out, err } = await why(id);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    const lines = out.split('\n').map((line) => line.replace(/^ *\+[0-9.]+ s +/, '').replace(/took \d+ ms/, 'took T'));
    expect(lines[1]).to.match(/^vm\.start of vm [0-9a-f-]+ by admin: failed after [0-9.]+ s$/);
    expect(lines).to.include.members([
      'caller  asked     admin asked for vm.start over jsonrpc.  (remote=127.0.0.1)',
      'daemon  event     vm.state state=starting previous=stopped',
      `daemon  sent      compute.start was sent, attempt 1.  (attempt=1 key=${id})`,
      'plugin  log       Asking node 7.  (level=info)',
      'plugin  progress  30% Booting.',
      'plugin  failed    compute.start failed: Node 7 is down.  (took T kind=failed outcome=none provider=req-77)',
      'daemon  ended     It ended: failed.  (kind=failed outcome=none)',
      'failed: Node 7 is down.',
      'What to do: The backend says why; put that right and ask again.',
    ]);
  });

  it('goes on when plugin and daemon are killed', async () => {
    const { id } = await daemon.call<Operation>('vm.start', { vm: 'web2' });
    const whats = async () => (await storyOf(id)).entries.map(({ what }) => what);
    await until(async () => (await whats()).includes('log'));
    await daemon.kill();
    await daemon.start();
    await daemon.call('operation.wait', { operation: id });
    const story = await storyOf(id);
    const [before, after] = [story.entries.slice(0, 5), story.entries.slice(5)].map((part) =>
      part.map(({ what }) => what),
    );
    expect(before).to.deep.equal(['asked', 'event', 'stored', 'sent', 'log']);
    expect(story.entries[4]).to.deep.include({ message: 'node 7: no answer', data: { level: 'info' } });
    expect(after!.filter((what) => what !== 'waiting')).to.deep.equal(
      // Another process begins its script anew.
      ['resumed', 'sent', 'found', 'sent', 'log', 'progress', 'failed', 'event', 'ended'],
    );
    const { state } = await daemon.call<Vm>('vm.get', { vm: 'web2' });
    const { events } = await daemon.call<{ events: Event[] }>('event.poll', { after: '0', types: ['vm.state'] });
    const caused = story.entries.filter(({ what }) => what === 'event').map(({ data }) => data.state);
    expect(events.filter(({ operation }) => operation === id).map(({ data }) => data.state)).to.deep.equal(caused);
    expect(caused.at(-1)).to.equal(state);
  });

  it('answers JSON, and names an operation that is not there', async () => {
    const { items } = await daemon.call<{ items: Operation[] }>('operation.list', { limit: 1 });
    const { out } = await why(items[0]!.id, '--json');
    expect(JSON.parse(out)).to.deep.equal(await storyOf(items[0]!.id));
    const { code, err } = await why('nothing');
    expect([code, err]).to.deep.equal([1, 'not-found: There is no operation nothing.\n']);
  });
});
