import { expect } from 'chai';
import { contract } from '../../../plugin-protocol/contract/index.ts';
import { stepFor } from '../../../plugins/noop/script.ts';
import { faultOf, noopInstance, startHost, stopHosts } from '../../host/running-host.ts';

describe('the scriptable double', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('answers every call of the contract with a valid result', async function () {
    const { backend } = await startHost(this, [noopInstance()]);
    const params = { vm: 'vm-1', id: 'vm-1', name: 'one' };
    for (const call of contract.values()) {
      expect(await backend().call(call, params), call.name).to.be.an('object');
    }
  });

  it('takes the steps of a script one after the other and stays with the last', () => {
    const script = { 'compute.get': [{ delayMs: 1 }, { delayMs: 2 }], 'compute.list': { exit: 1 } };
    expect([1, 2, 3].map((count) => stepFor(script, 'compute.get', count))).to.deep.equal([
      { delayMs: 1 },
      { delayMs: 2 },
      { delayMs: 2 },
    ]);
    expect(stepFor(script, 'compute.list', 9)).to.deep.equal({ exit: 1 });
    expect(stepFor(script, 'compute.start', 1)).to.deep.equal({});
  });

  it('answers with numbers that are in no table, as plugins without a kit do', async function () {
    const script = { 'compute.get': { fault: { code: 418, message: 'Short and stout.', data: { outcome: 'done' } } } };
    const { backend } = await startHost(this, [noopInstance({ script })]);
    const fault = await faultOf(backend().call(contract.get('compute.get')!, { vm: 'x' }));
    expect([fault.kind, fault.message]).to.deep.equal(['failed', 'Short and stout.']);
  });
});
