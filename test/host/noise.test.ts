import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, faultOf, noopInstance, startHost, stopHosts } from './running-host.ts';

const vm = '{ id: "vm-1", state: "running" }';
const right = `reply(m, { result: ${vm} });`;

describe('the plugin host, with a plugin that prints', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('reports a line that is no message, and goes on', async function () {
    const noise = 'say("Connecting...\\n\\n{not json}\\n[1,2]\\n{\\"a\\":1}\\n");';
    const { backend, entries } = await startHost(this, [bareInstance(noise + right)]);
    expect(await backend().call(compute.get, { vm: 'vm-1' })).to.deep.equal({ id: 'vm-1', state: 'running' });
    const told = entries.all.filter(({ message }) => message === 'stdout noise').map(({ facts }) => facts.text);
    expect(told).to.deep.equal(['Connecting...', '{not json}', '[1,2]', '{"a":1}']);
  });

  it('finds a message behind noise that is glued to it', async function () {
    const { backend, entries } = await startHost(this, [bareInstance(`say("50% {done} ");${right}`)]);
    expect(await backend().call(compute.get, { vm: 'vm-1' })).to.deep.equal({ id: 'vm-1', state: 'running' });
    expect(entries.all.map(({ facts }) => facts.text)).to.deep.equal(['50% {done} ']);
  });

  it('takes lines that end with CR LF, and messages byte by byte', async function () {
    const { backend } = await startHost(this, [
      bareInstance(`
        const text = JSON.stringify({ result: { id: 'vm-ä€😀', state: 'running' }, id: m.id, jsonrpc: '2.0' }) + '\\r\\n';
        const bytes = [...Buffer.from(text)];
        const next = () => { if (bytes.length) process.stdout.write(Buffer.from([bytes.shift()]), () => setImmediate(next)); };
        next();`),
    ]);
    expect(await backend().call(compute.get, { vm: 'vm-1' })).to.deep.equal({ id: 'vm-ä€😀', state: 'running' });
  });

  it('believes no answer whose id is not under way', async function () {
    const forged = '{"jsonrpc":"2.0","id":1,"result":{"id":"forged","state":"running"}}';
    const { backend, entries } = await startHost(this, [
      bareInstance(`say('${forged}\\n');${right}say('${forged}\\n');`),
    ]);
    expect(await backend().call(compute.get, { vm: 'vm-1' })).to.deep.equal({ id: 'vm-1', state: 'running' });
    await entries.when(({ facts }) => facts.why === 'answers no call that is under way');
  });

  it('numbers its requests at random', async function () {
    const answer = 'reply(m, { result: { id: String(m.id), state: "running" } });';
    const { backend } = await startHost(this, [bareInstance(answer)]);
    const ids: number[] = [];
    for (let call = 0; call < 8; call++) ids.push(Number((await backend().call(compute.get, { vm: 'x' })).id));
    expect(new Set(ids).size).to.equal(8);
    for (const id of ids) expect(id).to.be.within(1, 2 ** 31 - 1);
    expect(Math.max(...ids) - Math.min(...ids)).to.be.greaterThan(1000);
  });

  it('fails the call that is answered with text that is not UTF-8, and no other', async function () {
    const latin1 = `
      const text = (noise, id) => noise + JSON.stringify({ jsonrpc: '2.0', id: m.id, result: { id, state: 'running' } }) + '\\n';
      if (m.params.vm === 'noise') return process.stdout.write(Buffer.from(text('für ', 'vm-1'), 'latin1'));
      if (m.params.vm === 'event') process.stdout.write(Buffer.from('{"jsonrpc":"2.0","method":"$/log","params":{"message":"ü"}}\\n', 'latin1'));
      process.stdout.write(Buffer.from(text('', m.params.vm === 'id' ? 'vm-ü' : 'vm-1'), 'latin1'));`;
    const { backend, entries } = await startHost(this, [bareInstance(latin1)]);
    const fault = await faultOf(backend().call(compute.get, { vm: 'id' }));
    expect([fault.kind, fault.message]).to.deep.equal([
      'internal',
      'one answered compute.get with text that is not UTF-8.',
    ]);
    for (const vm of ['noise', 'event']) {
      expect(await backend().call(compute.get, { vm })).to.deep.equal({ id: 'vm-1', state: 'running' });
    }
    const told = entries.all.map(({ facts }) => [facts.text, facts.why]);
    expect(told[0]).to.deep.equal(['f\uFFFDr ', 'is not UTF-8']);
    expect(told[1]![1]).to.equal('is not UTF-8');
  });

  it('says that an id must be the number of the request', async function () {
    const { backend } = await startHost(this, [
      bareInstance('reply({ id: String(m.id) }, { result: { id: "x", state: "running" } });'),
    ]);
    const fault = await faultOf(backend().call(compute.start, { vm: 'x' }));
    expect([fault.kind, fault.message, fault.data.outcome]).to.deep.equal([
      'internal',
      'one answered compute.start with the id as a string: it must be the number of the request.',
      'unknown',
    ]);
  });

  it('says how many lines of noise it left out', async function () {
    const { backend, entries } = await startHost(this, [
      bareInstance(`
        if (m.params.vm === 'flood') for (let i = 0; i < 1000; i++) say('noise ' + i + '\\n');
        else say('one more\\n');
        ${right}`),
    ]);
    await backend().call(compute.get, { vm: 'flood' });
    const told = () => entries.all.filter(({ message }) => message === 'stdout noise').length;
    expect(told()).to.be.within(10, 20);
    while (!entries.all.some(({ facts }) => Number(facts.lines) >= 900)) await backend().call(compute.get, { vm: 'x' });
  });

  it('fails the call that is answered with too long a line, and no other', async function () {
    const script = { 'compute.get': [{ hugeCharacters: 300_000 }, {}] };
    const { backend } = await startHost(this, [noopInstance({ script })], { lineFromPlugin: 100_000 });
    const fault = await faultOf(backend().call(compute.get, { vm: 'x' }));
    expect(fault.kind).to.equal('internal');
    expect(fault.message).to.equal(
      'one answered compute.get with a message of more than 100000 bytes (limits.plugins.lineFromPlugin).',
    );
    expect(await backend().call(compute.get, { vm: 'x' })).to.deep.equal({ id: 'x', state: 'stopped' });
  });

  it('sends no line that is longer than the limit', async function () {
    // It takes no parts of what is too long.
    const answer = `
      if (m.method === 'blob.write') return reply(m, { error: { code: -32601, message: 'no' } });
      reply(m, { result: { id: 'x', state: 'stopped' } });`;
    const { backend } = await startHost(this, [bareInstance(answer)], { lineToPlugin: 2000 });
    const fault = await faultOf(backend().call(compute.update, { vm: 'x', labels: { a: 'ä'.repeat(1000) } }));
    expect([fault.kind, fault.data.outcome]).to.deep.equal(['too-large', 'none']);
    expect(fault.message).to.equal(
      'The parameters of compute.update make a message of more than 2000 bytes (limits.plugins.lineToPlugin).',
    );
    expect(await backend().call(compute.get, { vm: 'x' })).to.deep.equal({ id: 'x', state: 'stopped' });
  });

  it('brings standard error and log lines into the log', async function () {
    const script = {
      'compute.get': [{ stderr: '{"level":"warning","msg":"Slow."}' }, { stderr: 'plain' }, { log: 'kit' }],
    };
    const { backend, entries } = await startHost(this, [noopInstance({ script })]);
    for (let call = 0; call < 3; call++) await backend().call(compute.get, { vm: 'x' });
    await entries.when(({ message }) => message === 'plain');
    const told = entries.all.map(({ level, message, facts }) => [level, message, facts.plugin, facts.connector]);
    expect(told).to.have.deep.members([
      ['warn', 'Slow.', 'noop', 'one'],
      ['info', 'plain', 'noop', 'one'],
      ['info', 'kit', 'noop', 'one'],
    ]);
  });

  it('answers a request from a plugin with "no such method"', async function () {
    const { backend } = await startHost(this, [
      bareInstance(`
        if (m.method === undefined) return reply({ id: asked }, { result: { id: String(m.error.code), state: 'running' } });
        asked = m.id;
        say('{"jsonrpc":"2.0","id":"a","method":"host.nothing"}\\n');`),
    ]);
    expect((await backend().call(compute.get, { vm: 'x' })).id).to.equal('-32601');
  });
});
