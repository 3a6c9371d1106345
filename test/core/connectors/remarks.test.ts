import { expect } from 'chai';
import type { Connector } from '../../../daemon/catalogue/resources.ts';
import type { Credentials } from '../../../daemon/core/api.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { createLogWatch } from '../../host/running-host.ts';
import { type BenchOptions, faultOf, startCore } from '../../support/core.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';
import { minute, start as startClocked } from '../clocked-core.ts';

const whose = (user: string, password: string): Credentials => ({ kind: 'password', user, password });

describe('what operators read of a connector that is ready', () => {
  const configured = { directories: () => [{ connector: 'lab', role: 'user' }] as const, accounting: () => ['lab'] };
  const start = async (context: Mocha.Context, backend: ScriptedBackend, more: Partial<BenchOptions<never>> = {}) => {
    const bench = await startCore(context, { ...configured, ...more, backend });
    const message = async (user: 'root' | 'alice' = 'root') =>
      (await bench.as(user)<Connector>('connector.get', { connector: 'lab' })).message;
    return { ...bench, message };
  };

  it('is nothing while all is well', async function () {
    const { message, as } = await start(this, new ScriptedBackend());
    await as('root')('vm.list', { refresh: true });
    expect(await message()).to.equal(undefined);
  });

  it('is what its plugin lacks of what it is configured as; the log says so once, and others are not told', async function () {
    const backend = new ScriptedBackend();
    for (const call of ['directory.authenticate', 'accounting.record']) backend.lacking.add(call);
    const { log, entries } = createLogWatch();
    const { message } = await start(this, backend, { log });
    backend.become('ready');
    const lacks =
      'It is configured with directory, and its plugin has no directory.authenticate. It is configured with accounting, and its plugin has no accounting.record.';
    expect(await message()).to.equal(lacks);
    expect(await message('alice')).to.equal(undefined);
    const told = entries.all.filter(({ message: line }) => line === 'A connector is not what it is configured as.');
    expect(told.map(({ facts }) => facts)).to.deep.equal([{ connector: 'lab', reason: lacks }]);
  });

  it('is why users cannot be asked for, until they can', async function () {
    const backend = new ScriptedBackend();
    backend.scripts.set('directory.authenticate', () => {
      throw new Fault('unavailable', 'ldap7.example cannot be reached.');
    });
    const { message, call } = await start(this, backend);
    await faultOf(call('session.whoami', {}, whose('ann', 'x')));
    expect(await message()).to.equal('Users cannot be asked for: ldap7.example cannot be reached.');
    backend.scripts.set('directory.authenticate', () => ({}));
    await faultOf(call('session.whoami', {}, whose('ann', 'x')));
    expect(await message()).to.equal(undefined);
  });

  it('is why usage is not taken, until it is, and pages that are live hear of both', async function () {
    const backend = new ScriptedBackend();
    backend.scripts.set('accounting.record', () => {
      throw new Fault('failed', 'The books are full.');
    });
    const limits = { accounting: { retryMaxMs: 10 } };
    const { core, as, alice, clock } = await startClocked(this, { backend, accounting: () => ['lab'], limits });
    const becomes = (wanted: string | undefined) =>
      new Promise<void>((resolve) => {
        const look = async () => {
          const { message } = await as('root')<Connector>('connector.get', { connector: 'lab' });
          if (message !== wanted) return;
          forget();
          resolve();
        };
        const forget = core.onConnectors(() => void look());
      });
    const stuck = becomes('Usage cannot be recorded, and is kept: The books are full.');
    await alice('vm.create', { name: 'db1', start: true, wait: 5 });
    clock.now += minute;
    await alice('vm.powerOff', { vm: 'db1', wait: 5 });
    await stuck;
    const taken = becomes(undefined);
    backend.scripts.set('accounting.record', () => ({}));
    await taken;
  });
});
