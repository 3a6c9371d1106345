import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createMock, type Mock } from '../../daemon/cli/mock.ts';
import { compileCheck } from '../../plugin-protocol/check/compile.ts';
import { Description } from '../../plugin-protocol/contract/base.ts';
import { contract, interfaces } from '../../plugin-protocol/contract/index.ts';
import { type Message, requestLine } from '../../plugin-protocol/rpc/messages.ts';
import { root, runAnnelid } from '../support/annelid.ts';

describe('annelid plugin mock', () => {
  let folder: string;
  let meter: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-mock-'));
    meter = join(folder, 'meter.yaml');
    const kit = await readFile(join(root, 'docs/plugin-kit.md'), 'utf8');
    await writeFile(meter, /```yaml meter\.yaml\n(.*?)```/s.exec(kit)![1]!);
  });
  after(() => rm(folder, { recursive: true }));

  const ask = (mock: Mock, method: string, params: object = {}): Message =>
    JSON.parse(mock.answer(requestLine(7, method, params))!) as Message;

  it('has every call of the interfaces, with results that are right', () => {
    const mock = createMock(Object.keys(interfaces));
    const description = compileCheck(Description)(ask(mock, 'describe').result) as Description;
    expect(description.methods).to.have.members([...contract.keys()]);
    for (const [name, { result }] of contract)
      expect(() => compileCheck(result)(ask(mock, name).result), name).to.not.throw();
  });

  it('answers machines as they were asked for', () => {
    const mock = createMock(['compute']);
    const wish = { id: 'a', name: 'web1', vcpus: 2, memoryMiB: 64, disks: [{ sizeMiB: 1 }], networks: [], labels: {} };
    const { id, name, vcpus, memoryMiB, labels } = wish;
    const made = ask(mock, 'compute.create', wish).result;
    expect(made).to.deep.equal({ id, state: 'stopped', name, vcpus, memoryMiB, labels });
    expect(ask(mock, 'compute.get', { vm: 'b' }).result).to.deep.equal({ id: 'b', state: 'stopped' });
  });

  it('publishes the services of a file, and answers their examples', async () => {
    const input = `${requestLine(1, 'describe', {})}\n${requestLine(2, 'meter.read', { name: 'east' })}\n${requestLine(3, 'find', {})}\n`;
    const { code, out, err } = await runAnnelid(['plugin', 'mock', meter], { input });
    expect([code, err]).to.deep.equal([0, '']);
    const [described, read, found] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Message);
    const { publishes } = described!.result as Description;
    expect(publishes!.map(({ service }) => service)).to.deep.equal(['meter']);
    expect(read!.result).to.equal(229.5);
    expect(found!.error).to.deep.equal({ code: -32601, message: 'The mock has no method find.' });
  });

  it('says what is wrong with a file', async () => {
    const file = join(folder, 'wrong');
    const wrongs = [
      ['a: b: c', /wrong is neither JSON nor YAML: Nested mappings are not allowed in compact mappings/],
      ['{"service": "lamp"}', /wrong has what is no service: \/0\/methods is missing\./],
      [
        '{"service": "lamp", "methods": [{"name": "on", "result": {"type": "null"}}]}',
        /wrong cannot be published: of lamp, on: result/,
      ],
    ] as const;
    for (const [text, says] of wrongs) {
      await writeFile(file, text);
      expect(() => createMock([file])).to.throw(says);
    }
    expect(() => createMock(['compte'])).to.throw(
      /^compte is none of the interfaces, which are compute, .*\(ENOENT\)\.$/,
    );
  });
});
