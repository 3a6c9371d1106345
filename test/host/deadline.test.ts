import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, faultOf, noopInstance, serialNoop, startHost, stopHosts } from './running-host.ts';

describe('the plugin host, with calls that take too long', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('asks the plugin to cancel at the deadline, and answers timeout', async function () {
    const { backend } = await startHost(this, [noopInstance({ script: { 'compute.start': { hang: 'cancellable' } } })]);
    const fault = await faultOf(backend().call(compute.start, { vm: 'x' }, { timeoutMs: 50 }));
    expect([fault.kind, fault.message]).to.deep.equal(['timeout', 'one could not finish compute.start in time.']);
    expect(fault.data.outcome).to.equal('unknown');
    expect(backend().status()).to.include({ state: 'ready', restarts: 0 });
  });

  for (const [name, call] of [
    ['readTimeoutMs', compute.get],
    ['changeTimeoutMs', compute.start],
  ] as const) {
    it(`gives calls that name no deadline as long as plugins.${name} says`, async function () {
      const script = { [call.name]: { hang: true } };
      const { backend } = await startHost(this, [noopInstance({ script })], { [name]: 30, cancelMs: 20 });
      const fault = await faultOf(backend().call(call, { vm: 'x' }));
      expect([fault.kind, fault.message]).to.deep.equal([
        'timeout',
        `one did not answer ${call.name} within 30 ms (limits.plugins.${name}).`,
      ]);
    });
  }

  it('gives probe as long as plugins.configureTimeoutMs says', async function () {
    const script = { probe: { hang: true } };
    const { backend } = await startHost(this, [noopInstance({ script })], { configureTimeoutMs: 30, cancelMs: 20 });
    expect(backend().state).to.equal('failing');
    expect(backend().status().message).to.contain('probe within 30 ms');
  });

  it('stops without a call that is not answered within plugins.drainMs', async function () {
    this.timeout(5000);
    const script = { 'compute.start': { hang: true } };
    const { host, backend, statuses } = await startHost(this, [noopInstance({ script })], { drainMs: 30 });
    const call = faultOf(backend().call(compute.start, { vm: 'x' }, { key: 'k' }));
    await host.stop();
    const fault = await call;
    expect([fault.kind, fault.data.outcome]).to.deep.equal(['unavailable', 'unknown']);
    expect(statuses.all.at(-1)!.state).to.equal('stopped');
  });

  it('takes the result that comes although the deadline has passed', async function () {
    const script = { 'compute.start': { delayMs: 100 } };
    const { backend } = await startHost(this, [noopInstance({ script })]);
    expect(await backend().call(compute.start, { vm: 'x' }, { timeoutMs: 20 })).to.deep.equal({
      id: 'x',
      state: 'running',
    });
  });

  it('answers timeout with an unknown outcome when the plugin stays silent, and takes other calls meanwhile', async function () {
    const script = { 'compute.start': { hang: true } };
    const { backend } = await startHost(this, [noopInstance({ script })], { cancelMs: 20 });
    const fault = await faultOf(backend().call(compute.start, { vm: 'x' }, { timeoutMs: 20, key: 'k' }));
    expect([fault.kind, fault.message]).to.deep.equal(['timeout', 'one did not answer compute.start within 20 ms.']);
    expect(fault.data.outcome).to.equal('unknown');
    expect(await backend().call(compute.get, { vm: 'x' })).to.deep.equal({ id: 'x', state: 'stopped' });
    expect(await backend().find('k', 'compute.start', { vm: 'x' })).to.deep.equal({ outcome: 'unknown' });
    expect(await backend().find('another', 'compute.start', { vm: 'x' })).to.deep.equal({ outcome: 'none' });
  });

  it('stops and starts again a serial plugin that stays silent', async function () {
    const silent = 'if (m.params.vm !== "silent") reply(m, { result: { id: String(process.pid), state: "running" } });';
    const { backend, statuses } = await startHost(this, [bareInstance(silent)], { cancelMs: 20 });
    const before = await backend().call(compute.get, { vm: 'x' });
    const fault = await faultOf(backend().call(compute.get, { vm: 'silent' }, { timeoutMs: 20 }));
    expect(fault.kind).to.equal('timeout');
    await statuses.when(({ state, restarts }) => state === 'ready' && restarts === 1);
    expect(statuses.all[1]!.message).to.equal(
      'The plugin had to be ended: one did not answer compute.get within 20 ms.',
    );
    expect((await backend().call(compute.get, { vm: 'x' })).id).to.not.equal(before.id);
  });

  it('lets progress extend the time without progress, and never the deadline', async function () {
    const working =
      'const say15 = () => say(JSON.stringify({ jsonrpc: "2.0", method: "$/progress", params: { id: m.id } }) + "\\n");' +
      'setInterval(say15, 15); if (m.params.ctx.idleMs === 100) setTimeout(() => reply(m, { result: { id: "x", state: "running" } }), 250);';
    const { backend } = await startHost(this, [bareInstance(working, {}, "features: ['progress'], concurrency: 9")], {
      idleTimeoutMs: 100,
      cancelMs: 10,
    });
    expect(await backend().call(compute.start, { vm: 'x' })).to.include({ state: 'running' });
    // No time without progress is told where the deadline comes first.
    const fault = await faultOf(backend().call(compute.start, { vm: 'x' }, { timeoutMs: 90 }));
    expect(fault.message).to.equal('one did not answer compute.start within 90 ms.');
  });

  it('gives up a call that makes no progress, where the plugin reports progress', async function () {
    const script = { 'compute.start': { hang: true }, 'compute.get': { delayMs: 60 } };
    const limits = { idleTimeoutMs: 30, cancelMs: 10 };
    const { backend } = await startHost(this, [noopInstance({ script })], limits);
    const fault = await faultOf(backend().call(compute.start, { vm: 'x' }));
    expect([fault.kind, fault.data.outcome, fault.message]).to.deep.equal([
      'timeout',
      'unknown',
      'one made no progress with compute.start for 30 ms (limits.plugins.idleTimeoutMs).',
    ]);
    // Reads are short: their deadline is enough.
    expect(await backend().call(compute.get, { vm: 'x' })).to.include({ state: 'stopped' });
  });

  it('does not begin a call whose deadline passes while it waits', async function () {
    const script = { 'compute.start': { log: 'begun', delayMs: 150 }, 'compute.pause': { log: 'paused' } };
    const { backend, entries } = await startHost(this, [serialNoop({ script })]);
    const first = backend().call(compute.start, { vm: 'x' });
    const fault = await faultOf(backend().call(compute.pause, { vm: 'y' }, { timeoutMs: 20 }));
    expect([fault.kind, fault.data.outcome]).to.deep.equal(['timeout', 'none']);
    expect(fault.message).to.equal('compute.pause waited 20 ms for one and was not begun.');
    await first;
    await backend().call(compute.get, { vm: 'x' });
    expect(entries.all.filter(({ level }) => level === 'info').map(({ message }) => message)).to.deep.equal(['begun']);
  });

  it('asks the plugin to cancel when the caller aborts', async function () {
    const script = { 'compute.start': { log: 'begun', hang: 'cancellable' as const } };
    const { backend, entries } = await startHost(this, [noopInstance({ script })]);
    const abort = new AbortController();
    const call = faultOf(backend().call(compute.start, { vm: 'x' }, { signal: abort.signal }));
    await entries.when(({ message }) => message === 'begun');
    abort.abort();
    const fault = await call;
    expect([fault.kind, fault.data.outcome]).to.deep.equal(['cancelled', 'unknown']);
  });

  it('answers cancelled for a call that was aborted while it waited, or before', async function () {
    const { backend } = await startHost(this, [serialNoop({ script: { 'compute.start': { delayMs: 100 } } })]);
    const first = backend().call(compute.start, { vm: 'x' });
    const abort = new AbortController();
    const waiting = faultOf(backend().call(compute.start, { vm: 'y' }, { signal: abort.signal }));
    abort.abort();
    expect([(await waiting).kind, (await waiting).data.outcome]).to.deep.equal(['cancelled', 'none']);
    const late = await faultOf(backend().call(compute.start, { vm: 'y' }, { signal: abort.signal }));
    expect(late.kind).to.equal('cancelled');
    await first;
  });

  it('lets a call go on that the plugin cannot cancel', async function () {
    const slow = 'setTimeout(() => reply(m, { result: { id: "x", state: "running" } }), 50);';
    const { backend } = await startHost(this, [bareInstance(slow)]);
    const abort = new AbortController();
    const call = backend().call(compute.start, { vm: 'x' }, { signal: abort.signal });
    abort.abort();
    expect(await call).to.deep.equal({ id: 'x', state: 'running' });
  });

  it('does not make a call again whose time is up', async function () {
    let now = 0;
    const plugin = bareInstance('console.error(process.pid);', { processes: 2 });
    const { backend, entries } = await startHost(this, [plugin], {}, { clock: { now: () => now } });
    const fault = faultOf(backend().call(compute.get, { vm: 'x' }));
    const { message } = await entries.when(({ message }) => /^\d+$/.test(message));
    now = 30_000;
    process.kill(Number(message), 'SIGKILL');
    expect((await fault).message).to.equal(
      'one did not answer compute.get within 30000 ms (limits.plugins.readTimeoutMs).',
    );
    expect(entries.all.filter(({ message }) => /^\d+$/.test(message))).to.have.length(1);
  });

  it('gives a plugin that never describes itself up for now', async function () {
    const command = [process.execPath, '-e', 'process.stdin.resume()'];
    const { backend } = await startHost(this, [noopInstance({}, { command })], { describeTimeoutMs: 30, cancelMs: 10 });
    expect(backend().state).to.equal('failing');
    expect(backend().status().message).to.match(
      / what it is: It did not answer describe within 30 ms \(limits\.plugins\.describeTimeoutMs\) and wrote nothing on standard output, which must be /,
    );
  });
});
