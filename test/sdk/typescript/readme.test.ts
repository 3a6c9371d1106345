import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { compute } from '../../../plugin-protocol/contract/index.ts';
import { startHost, stopHosts } from '../../host/running-host.ts';

const root = new URL('../../../', import.meta.url);
// Within the package, so that `annelid/plugin` is found as it is from outside.
const folder = new URL('test/.work/', root);
const file = fileURLToPath(new URL(`readme-plugin-${process.pid}.ts`, folder));

describe("the example in the kit's README", () => {
  before(() => {
    const readme = readFileSync(new URL('sdk/typescript/plugin/README.md', root), 'utf8');
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, /```ts\n(.*?)```/s.exec(readme)![1]!);
  });
  afterEach(async function () {
    await stopHosts(this);
  });
  after(() => rmSync(file));

  it('is a whole plugin', async function () {
    const { backend } = await startHost(this, [{ id: 'one', plugin: file, config: { greeting: 'Hello.' } }]);
    const wish = { id: 'a', name: 'web1', vcpus: 1, memoryMiB: 64, disks: [], networks: [], labels: {} };
    const said: unknown[] = [];
    const made = await backend().call(compute.create, wish, {
      key: 'k',
      onProgress: (progress) => said.push(progress),
    });
    expect(made).to.include({ id: 'a', state: 'stopped' });
    expect(said).to.deep.equal([{ percent: 50, message: 'Hello.' }]);
    await backend().call(compute.create, { ...wish, id: 'b' }, { key: 'k' });
    expect((await backend().call(compute.list, {})).items).to.have.length(1);
    expect(await backend().call(compute.start, { vm: 'a' }, { key: 'k2' })).to.include({ state: 'running' });
    expect(await backend().find('k', 'compute.create', wish)).to.have.property('outcome', 'done');
  });
});
