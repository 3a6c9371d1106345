import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, faultOf, noopInstance, pluginDirectories, startHost, stopHosts } from './running-host.ts';

const short = 8192;
const noop = (config: object, ...args: string[]) =>
  noopInstance(config, { command: [process.execPath, `${pluginDirectories[0]}/noop/main.ts`, ...args] });
const labelsOf = (count: number, text: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`label-${at}`, text.repeat(1000)]));
const machine = { id: 'x', state: 'running', labels: labelsOf(50, 'é') };

/** A plugin without a library whose results are blobs, read by `m.params` from `text`. */
const reading = (text: string, part = 'b.subarray(offset, offset + length)', end = 'offset + length >= b.length') =>
  bareInstance(`
    const b = Buffer.from(${JSON.stringify(text)});
    if (m.method !== 'blob.read') return reply(m, { result: { blob: { id: 'r', bytes: b.length } } });
    const { offset, length } = m.params;
    reply(m, { result: { data: ${part}.toString('base64'), end: ${end} } });`);

describe('the plugin host, with what is too long for a line', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('reads results and writes parameters in parts, byte for byte', async function () {
    const vm = machine;
    // The configuration is too long as well.
    const config = { script: { 'compute.get': { result: vm }, 'compute.start': { result: vm } } };
    const instance = noop(config, '--line-from-plugin', String(short));
    const { backend } = await startHost(this, [instance], { lineToPlugin: short });
    expect(backend().state).to.equal('ready');
    expect(await backend().call(compute.get, { vm: 'x' })).to.deep.equal(vm);
    expect(await backend().call(compute.start, { vm: 'x' }, { key: 'k' })).to.deep.equal(vm);
    const labels = labelsOf(30, '"\\\u{1F41B}');
    const updated = await backend().call(compute.update, { vm: 'x', labels }, { key: 'k' });
    expect(updated.labels).to.deep.equal(labels);
  });

  it('writes parameters once more for a call that is made again with what it needs', async function () {
    const needing = `
      const parts = (globalThis.parts ??= new Map());
      if (m.method === 'blob.write') {
        parts.set(m.params.blob, (parts.get(m.params.blob) ?? '') + atob(m.params.data));
        return reply(m, { result: {} });
      }
      const { blob, given } = m.params.ctx;
      const { vm, labels } = JSON.parse(parts.get(blob.id));
      parts.delete(blob.id);
      reply(m, { result: given ? { id: vm, state: 'running', labels } : { need: { secret: ['token'] } } });`;
    const instance = bareInstance(needing, { secrets: { token: 's3cret' } });
    const { backend } = await startHost(this, [instance], { lineToPlugin: short });
    const labels = labelsOf(20, 'x');
    const updated = await backend().call(compute.update, { vm: 'x', labels }, { key: 'k' });
    expect(updated).to.deep.equal({ id: 'x', state: 'running', labels });
  });

  it('says that parameters are too long where the plugin takes none in parts', async function () {
    const { backend } = await startHost(this, [bareInstance('reply(m, { error: { code: -32601, message: "no" } });')], {
      lineToPlugin: short,
    });
    const labels = labelsOf(9, 'x');
    const fault = await faultOf(backend().call(compute.update, { vm: 'x', labels }, { key: 'k' }));
    expect([fault.kind, fault.data.outcome]).to.deep.equal(['too-large', 'none']);
    expect(fault.message).to.contain('make a message of more than 8192 bytes (limits.plugins.lineToPlugin)');
  });

  for (const [what, instance, words] of [
    ['is no JSON', reading('{"id":'), 'with a blob that is no JSON text.'],
    ['ends early', reading('{"id":"x"}', 'b.subarray(0, 3)', 'true'), 'whose parts do not make 10 bytes.'],
    ['never ends', reading('{"id":"x"}', 'b', 'false'), 'whose parts do not make 10 bytes.'],
    ['gives nothing', reading('{"id":"x"}', 'b.subarray(0, 0)', 'false'), 'whose parts do not make 10 bytes.'],
    ['is no result', reading('{"id":"x"}'), 'with a wrong result: /state is missing.'],
  ] as const) {
    it(`makes a fault of a blob that ${what}`, async function () {
      const { backend } = await startHost(this, [instance]);
      const fault = await faultOf(backend().call(compute.start, { vm: 'x' }, { key: 'k' }));
      expect([fault.kind, fault.data.outcome]).to.deep.equal(['internal', 'unknown']);
      expect(fault.message).to.contain(words);
    });
  }

  it('does not know what became of a mutation whose blob is lost with the process', async function () {
    const killed = `if (m.method === 'blob.read') process.kill(process.pid, 'SIGKILL');
      reply(m, { result: { blob: { id: 'r', bytes: 9 } } });`;
    const { backend } = await startHost(this, [bareInstance(killed)]);
    const fault = await faultOf(backend().call(compute.start, { vm: 'x' }, { key: 'k' }));
    expect([fault.kind, fault.data.outcome]).to.deep.equal(['unavailable', 'unknown']);
  });
});
