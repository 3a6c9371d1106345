import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Vm } from '../../../daemon/catalogue/resources.ts';
import type { BackendListener, Backends } from '../../../daemon/core/ports.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { cleanup, faultOf, settled, startCore } from '../../support/core.ts';
import { ScriptedBackend, seeded } from '../../support/scripted-backend.ts';

type List = { items: Vm[] };

describe('a connector of which nothing is known yet', () => {
  const starting = () => {
    const backend = seeded();
    backend.become('starting');
    return backend;
  };

  it('is waited for by those who ask what there is, and by nobody else', async function () {
    const backend = starting();
    const { as } = await startCore(this, { backend });
    const list = as('root')<List>('vm.list');
    const one = as('root')<Vm>('vm.get', { vm: 'web1' });
    const unknown = as('root')('image.list', { connector: 'other' });
    expect((await faultOf(unknown)).message).to.equal('There is no connector other.');
    expect(await as('root')('session.whoami')).to.include({ user: 'root' });
    expect((await as('root')<{ items: object[] }>('connector.list')).items[0]).to.include({ state: 'starting' });
    backend.become('ready');
    expect((await list).items.map(({ name }) => name)).to.deep.equal(['web1', 'web2']);
    expect((await one).name).to.equal('web1');
  });

  it('that is added later is waited for by those who name it', async function () {
    const [there, added] = [seeded(), new ScriptedBackend('added')];
    added.put({ id: 'n9', name: 'db9', state: 'running' });
    const all = [there];
    const listeners: BackendListener[] = [];
    const backends: Backends = {
      list: () => all,
      get: (id) => all.find((one) => one.id === id),
      listen: (listener) => listeners.push(listener),
      provide: () => {},
    };
    const { as } = await startCore<Backends>(this, { backend: backends });
    expect((await as('root')<List>('vm.list')).items).to.have.length(2);
    all.push(added);
    added.listen(listeners[0]!);
    added.become('starting');
    const named = as('root')<List>('vm.list', { connector: 'added' });
    expect((await as('root')<List>('vm.list')).items).to.have.length(2);
    added.become('ready');
    expect((await named).items.map(({ name }) => name)).to.deep.equal(['db9']);
  });

  it('is waited for no more once it cannot be started, or cannot be read', async function () {
    const backend = starting();
    const { as } = await startCore(this, { backend });
    const list = as('root')<List>('vm.list');
    backend.become('failing');
    expect((await list).items).to.deep.equal([]);

    const mute = seeded();
    mute.scripts.set('compute.list', () => {
      throw new Fault('failed', 'No.');
    });
    const other = await startCore(this, { backend: mute });
    expect((await other.as('root')<List>('vm.list')).items).to.deep.equal([]);
  });

  it('is another one than one that was read before: what is known of that is answered at once', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
    cleanup(this, () => rm(folder, { recursive: true }));
    const file = join(folder, 'store.db');
    await settled(await startCore(this, { backend: seeded(), file }));
    const { as } = await startCore(this, { backend: starting(), file });
    expect((await as('root')<List>('vm.list')).items).to.have.length(2);
    const empty = await startCore(this, { backend: new ScriptedBackend() });
    expect((await empty.as('root')<List>('vm.list')).items).to.deep.equal([]);
  });
});
