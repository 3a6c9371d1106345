import { expect } from 'chai';
import { compute, network, storage } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, faultOf, noopInstance, startHost, stopHosts } from './running-host.ts';

describe('the plugin host', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('describes, configures and probes a plugin, and then makes calls', async function () {
    const { backend, statuses } = await startHost(this, [noopInstance()]);
    expect(backend().status()).to.include({ id: 'one', plugin: 'noop', version: '0.1.0', state: 'ready', restarts: 0 });
    expect(statuses.all.map(({ state }) => state)).to.deep.equal(['ready']);
    expect(backend().supports('compute.start')).to.equal(true);
    expect(backend().supports('find')).to.equal(false);
    expect(backend().idempotency).to.equal('key');
    expect(await backend().call(compute.start, { vm: 'vm-1' }, { key: 'k' })).to.deep.equal({
      id: 'vm-1',
      state: 'running',
    });
    expect(await backend().call(network.list, {})).to.deep.equal({ items: [] });
    expect(await backend().find('k', 'compute.start', { vm: 'vm-1' })).to.deep.equal({ outcome: 'none' });
  });

  it('serves several instances of one plugin in one process, each with its own configuration', async function () {
    const { backend, statuses } = await startHost(this, [
      noopInstance({ script: { 'storage.list': { result: { items: [{ id: 'v', name: 'v', sizeMiB: 1 }] } } } }),
      noopInstance({ script: { 'compute.get': { exit: 3 } } }, { id: 'two' }),
    ]);
    expect((await backend('one').call(storage.list, {})).items).to.have.length(1);
    expect((await backend('two').call(storage.list, {})).items).to.have.length(0);
    const lost = await faultOf(backend('two').call(compute.get, { vm: 'x' }));
    expect([lost.kind, lost.message]).to.deep.equal(['unavailable', 'The plugin of two ended with code 3.']);
    for (const id of ['one', 'two']) await statuses.when((status) => status.id === id && status.state === 'failing');
  });

  it('gives each instance a process of its own when the plugin knows nothing of instances', async function () {
    const answer = 'reply(m, { result: { items: [{ id: String(process.pid), state: "running" }] } });';
    const { backend } = await startHost(this, [bareInstance(answer), bareInstance(answer, { id: 'two' })]);
    const [one, two] = await Promise.all(['one', 'two'].map((id) => backend(id).call(compute.list, {})));
    expect(one!.items[0]!.id).to.not.equal(two!.items[0]!.id);
  });

  it('starts although one plugin does not exist, and says what it looked for', async function () {
    const { backend } = await startHost(this, [noopInstance({}, { id: 'bad', plugin: 'no-such' }), noopInstance()]);
    expect(backend('one').state).to.equal('ready');
    expect(backend('bad').state).to.equal('failing');
    expect(backend('bad').status().message).to.match(/^There is no plugin no-such: looked for .*plugins\/no-such\.$/);
    const fault = await faultOf(backend('bad').call(compute.start, { vm: 'x' }));
    expect(fault).to.include({ kind: 'unavailable' });
    expect(fault.data.outcome).to.equal('none');
  });

  it('shows why a plugin refuses its configuration', async function () {
    const { backend } = await startHost(this, [noopInstance({ refuse: 'There is no region moon-1.' })]);
    expect(backend().status()).to.include({ state: 'failing', message: 'There is no region moon-1.' });
  });

  it('probes again until the backend can be reached', async function () {
    const script = { probe: [{ fault: { kind: 'unavailable', message: 'No route.' } }, {}] };
    const { backend, statuses } = await startHost(this, [noopInstance({ script })]);
    expect(statuses.all[0]).to.include({ state: 'failing', message: 'No route.' });
    await statuses.when(({ state }) => state === 'ready');
    expect(backend().status().message).to.equal(undefined);
  });

  it('reports a program that ends before it has said what it is', async function () {
    const command = [process.execPath, '-e', 'console.error("no licence"); process.exit(7)'];
    const { backend, entries } = await startHost(this, [noopInstance({}, { command })]);
    expect(backend().status()).to.include({ state: 'failing', message: 'The plugin ended with code 7: no licence.' });
    const crash = await entries.when(({ level, message }) => level === 'error' && message.includes('code 7'));
    // What the log was given line by line is not said once more.
    expect(crash.facts).to.not.have.property('stderr');
    expect(crash.facts.connector).to.equal('one');
    const fault = await faultOf(backend().call(compute.get, { vm: 'x' }));
    expect(fault.message).to.equal('one is failing: The plugin ended with code 7.');
  });

  it('shows the line of a trace that says what happened, and keeps what the log was not given', async function () {
    const command = [process.execPath, '-e', 'throw Object.assign(new Error("No such region"), { code: "E" })'];
    const { backend, entries } = await startHost(this, [noopInstance({}, { command, logLevel: 'warn' })]);
    expect(backend().status().message).to.equal('The plugin ended with code 1: Error: No such region.');
    const { facts } = await entries.when(({ level }) => level === 'error');
    expect(facts.stderr).to.include('Error: No such region');
  });

  it('hints at what is wrong when describe is not answered', async function () {
    const printing = (text: string) => ({
      command: [process.execPath, '-e', `process.stdin.resume(); process.stdout.write(${JSON.stringify(text)})`],
    });
    const limits = { describeTimeoutMs: 200, cancelMs: 10 };
    for (const [text, hint] of [
      [
        '{\n  "jsonrpc": "2.0"\n}\n',
        ', and what it wrote begins with { but is no message on one line with "jsonrpc":"2.0".',
      ],
      ['Ready.\n', ', and what it wrote on standard output is no message.'],
    ] as const) {
      const { backend } = await startHost(this, [noopInstance({}, printing(text))], limits);
      expect(backend().status().message).to.equal(
        `The plugin did not say what it is: It did not answer describe within 200 ms (limits.plugins.describeTimeoutMs)${hint}`,
      );
    }
  });

  it('names what is not known in the answer to describe, and what was meant', async function () {
    const described = 'concurency: 8, features: ["warp", "cancle"], methods: ["compute.stop", "compute.lst", "find"]';
    const { entries } = await startHost(this, [bareInstance('', {}, described)]);
    const { message, facts } = await entries.when(({ level }) => level === 'warn');
    expect(message).to.equal(
      'The answer to describe has what is not known: the member concurency (did you mean concurrency?); the method compute.stop (did you mean compute.start?); the method compute.lst (did you mean compute.list?); the method find, which is asked for whether it is listed or not; the feature warp; the feature cancle (did you mean cancel?).',
    );
    expect(facts).to.deep.equal({ plugin: 'bare', connector: 'one' });
  });

  it('refuses a plugin that does not speak this version of the protocol', async function () {
    const command = [
      process.execPath,
      '-e',
      `
      process.stdin.once('data', (line) => console.log(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(line).id,
        result: { proto: [2, 3], name: 'new', version: '9', methods: [] } })))`,
    ];
    const { backend } = await startHost(this, [noopInstance({}, { command })]);
    expect(backend().status().message).to.equal(
      'The plugin did not say what it is: It speaks versions 2, 3 of the protocol, and not 1.',
    );
  });

  it('passes on only the environment that was named', async function () {
    process.env.ANNELID_TEST_SECRET = 'hidden';
    process.env.ANNELID_TEST_NAMED = 'shown';
    const answer = 'reply(m, { result: { id: "env", state: "running", labels: process.env } });';
    const { backend } = await startHost(this, [bareInstance(answer, { env: ['ANNELID_TEST_NAMED'] })]);
    const { labels = {} } = await backend().call(compute.get, { vm: 'x' });
    delete process.env.ANNELID_TEST_SECRET;
    delete process.env.ANNELID_TEST_NAMED;
    expect(labels).to.include({ ANNELID_PLUGIN: '1', ANNELID_TEST_NAMED: 'shown' });
    expect(Object.keys(labels)).to.not.include('ANNELID_TEST_SECRET');
  });

  it('makes no calls of an interface that the plugin speaks in another version', async function () {
    const bare = bareInstance(
      'reply(m, { result: { items: [] } });',
      {},
      "methods: ['compute.get', 'storage.list'], interfaces: { compute: 2, storage: 1, telephony: 1 }",
    );
    const { backend, entries } = await startHost(this, [bare]);
    expect(backend().supports('compute.get')).to.equal(false);
    const fault = await faultOf(backend().call(compute.get, { vm: 'x' }));
    expect([fault.kind, fault.message]).to.deep.equal([
      'unsupported',
      'one cannot do compute.get: it speaks version 2 of compute, and the daemon version 1.',
    ]);
    expect(await backend().call(storage.list, {})).to.deep.equal({ items: [] });
    await entries.when(({ message }) => message.endsWith('what is not known: the interface telephony.'));
  });

  it('tells the plugin who asks, with which key, at which attempt and for how long', async function () {
    const answer = 'reply(m, { result: { id: "ctx", state: "running", name: JSON.stringify(m.params) } });';
    const { backend } = await startHost(this, [bareInstance(answer)]);
    const options = { key: 'op-1', attempt: 2, timeoutMs: 1234, actor: 'ann' };
    const { name = '' } = await backend().call(compute.start, { vm: 'x' }, options);
    expect(JSON.parse(name)).to.deep.equal({
      vm: 'x',
      ctx: {
        ...{ v: 1, instance: 'one', key: 'op-1', attempt: 2, timeoutMs: 1234, actor: 'ann', logLevel: 'info' },
        accept: ['need', 'blob'],
      },
    });
  });

  it('answers what a plugin cannot do as unsupported', async function () {
    const { backend } = await startHost(this, [bareInstance('reply(m, { error: { code: -32601, message: "no" } });')]);
    const unknown = await faultOf(backend().call(compute.pause, { vm: 'x' }, { key: 'k' }));
    expect([unknown.kind, unknown.message, unknown.data]).to.deep.equal([
      'unsupported',
      'one cannot do compute.pause.',
      { outcome: 'none' },
    ]);
    const refused = await faultOf(backend().call(compute.start, { vm: 'x' }, { key: 'k' }));
    expect([refused.kind, refused.data]).to.deep.equal(['unsupported', { outcome: 'none' }]);
    expect(await backend().find('k', 'compute.start', {})).to.deep.equal({ outcome: 'unknown' });
  });

  it('understands a bare code and message, and then does not know what a mutation left behind', async function () {
    const { backend } = await startHost(this, [bareInstance('reply(m, { error: { code: 507, message: "full" } });')]);
    const change = await faultOf(backend().call(compute.start, { vm: 'x' }));
    expect([change.kind, change.message, change.data]).to.deep.equal(['quota', 'full', { outcome: 'unknown' }]);
    const read = await faultOf(backend().call(compute.get, { vm: 'x' }));
    expect([read.kind, read.data]).to.deep.equal(['quota', {}]);
  });

  it('makes a fault that names the plugin, the call and the field of a wrong result', async function () {
    const script = { 'compute.get': { result: { id: 'vm-1', state: 'bored' } }, 'compute.start': { result: [] } };
    const { backend } = await startHost(this, [noopInstance({ script })]);
    const read = await faultOf(backend().call(compute.get, { vm: 'vm-1' }));
    expect(read.kind).to.equal('internal');
    expect(read.message).to.match(/^one answered compute\.get with a wrong result: \/state must be one of stopped, /);
    const change = await faultOf(backend().call(compute.start, { vm: 'vm-1' }));
    expect(change.message).to.equal('one answered compute.start with a wrong result: The value must be a record.');
    expect(change.data.outcome).to.equal('unknown');
  });

  it('names what is not known in the answer to configure', async function () {
    // Before the line with which such a plugin has none.
    const answer = `if (m.method === 'configure') return reply(m, { result: { methods: ['compute.get', 'compute.lst'], mehtods: [] } });`;
    const bare = bareInstance('');
    const program = bare.command!.at(-1)!.replace("  if (m.method === 'configure' ||", `${answer}$&`);
    const { backend, entries } = await startHost(this, [{ ...bare, command: [process.execPath, '-e', program] }]);
    const { message, facts } = await entries.when(({ level }) => level === 'warn');
    expect(message).to.equal(
      'The answer to configure has what is not known: the member mehtods (did you mean methods?); the method compute.lst (did you mean compute.list?).',
    );
    expect(facts).to.deep.equal({ connector: 'one' });
    expect(backend().status().calls).to.deep.equal(['compute.get']);
  });

  it('drops what a plugin sends beyond the contract', async function () {
    const script = { 'compute.get': { result: { id: 'vm-1', state: 'running', mood: 'good', name: null } } };
    const { backend } = await startHost(this, [noopInstance({ script })]);
    expect(await backend().call(compute.get, { vm: 'vm-1' })).to.deep.equal({ id: 'vm-1', state: 'running' });
  });

  it('hands on events and progress, and drops those that are wrong', async function () {
    const changed = { type: 'vm.changed' as const, vm: { id: 'vm-1', state: 'running' } };
    const script = {
      'compute.start': { progress: { percent: 40, message: 'Booting.' }, event: changed },
      'compute.pause': { progress: { percent: 400 }, event: { type: 'vm.deleted' as const } },
    };
    const { backend, events, entries } = await startHost(this, [noopInstance({ script })]);
    const seen: object[] = [];
    const options = { onProgress: (progress: object) => seen.push(progress) };
    await backend().call(compute.start, { vm: 'vm-1' }, options);
    await backend().call(compute.pause, { vm: 'vm-1' }, options);
    expect(seen).to.deep.equal([{ percent: 40, message: 'Booting.' }]);
    expect(events.all).to.deep.equal([{ connector: 'one', event: changed }]);
    expect(entries.all.map(({ facts }) => facts.why)).to.deep.equal([
      'is vm.deleted without id',
      'is no right progress',
    ]);
  });

  it('drains when it stops: calls under way end, later ones are refused', async function () {
    const script = { 'compute.start': { log: 'begun', delayMs: 100 }, drain: { log: 'draining' } };
    const { host, backend, entries } = await startHost(this, [noopInstance({ script })]);
    const started = backend().call(compute.start, { vm: 'vm-1' });
    await entries.when(({ message }) => message === 'begun');
    const stopped = host.stop();
    const late = await faultOf(backend().call(compute.get, { vm: 'vm-1' }));
    expect(late.kind).to.equal('unavailable');
    expect(await started).to.deep.equal({ id: 'vm-1', state: 'running' });
    await stopped;
    expect(entries.all.some(({ message }) => message === 'draining')).to.equal(true);
    expect(backend().state).to.equal('stopped');
  });

  it('can be stopped while plugins are starting, or wait to be started again', async function () {
    const command = [process.execPath, '-e', 'process.stdin.resume()'];
    const silent = startHost(this, [noopInstance({}, { command })], { describeTimeoutMs: 60_000 });
    await stopHosts(this);
    const { backend } = await silent;
    expect(backend().state).to.equal('stopped');
    const limits = { restartMinMs: 60_000, restartMaxMs: 60_000 };
    const { host } = await startHost(this, [noopInstance({}, { plugin: 'no-such' })], limits);
    await host.stop();
    expect(host.get('one')?.state).to.equal('stopped');
  });

  it('shows the configuration to nobody but the plugin', async function () {
    const secret = 'correct-horse';
    const answer = `
      const { readFileSync } = require('fs');
      const seen = readFileSync('/proc/self/cmdline', 'latin1') + readFileSync('/proc/self/environ', 'latin1');
      reply(m, { result: { id: 'x', state: 'running', name: String(seen.includes(m.params.vm)) } });
      process.exit(1);`;
    const { backend, entries, statuses } = await startHost(this, [bareInstance(answer, { config: { secret } })]);
    expect((await backend().call(compute.get, { vm: secret })).name).to.equal('false');
    await entries.when(({ level }) => level === 'error');
    expect(JSON.stringify([entries.all, statuses.all])).to.not.include(secret);
  });

  it('goes on when a listener fails', async function () {
    const script = { 'compute.get': { event: { type: 'resync' as const } } };
    const { host, backend, entries, events } = await startHost(this, [noopInstance({ script })]);
    host.listen({
      status: () => {},
      event: () => {
        throw new Error('A bug.');
      },
      removed: () => {},
    });
    expect(await backend().call(compute.get, { vm: 'x' })).to.deep.equal({ id: 'x', state: 'stopped' });
    expect(events.all).to.deep.equal([{ connector: 'one', event: { type: 'resync' } }]);
    expect(entries.all.map(({ message }) => message)).to.deep.equal(['A listener to the plugins failed.']);
  });

  it('ends a plugin that has closed its output', async function () {
    const close = 'reply(m, { result: { id: "x", state: "running" } }); require("fs").closeSync(1);';
    const { backend, statuses } = await startHost(this, [bareInstance(close)]);
    await backend().call(compute.get, { vm: 'x' });
    await statuses.when(({ state, restarts }) => state === 'ready' && restarts === 1);
    expect(statuses.all[1]).to.include({ state: 'failing', message: 'The plugin was ended by SIGKILL.' });
  });
});
