import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import type { Message } from '../../plugin-protocol/rpc/messages.ts';
import { startHost, stopHosts } from '../host/running-host.ts';
import { pythonCommand } from '../sdk/python/command.ts';
import { requireSuite } from '../setup/packages.ts';
import { root } from '../support/annelid.ts';
import { samplesIn } from './samples.ts';

const folder = join(root, 'plugin-protocol/schemas');
const documents = await Promise.all(
  (await readdir(folder)).map(
    async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as { $id: string },
  ),
);

const ajv = addFormats.default(new Ajv2020({ strict: true, strictRequired: false, allErrors: true }));
for (const document of documents) ajv.addSchema(document);

const problems = (value: unknown, reference: string): string[] => {
  const check = ajv.getSchema(reference);
  if (check === undefined) throw new Error(`There is no schema ${reference}.`);
  return check(value) ? [] : check.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
};

/** The schema of what a call answers; undefined for a method that a plugin publishes. */
const resultOf = (method: string): string | undefined =>
  documents
    .filter((document) => Object.hasOwn((document as unknown as { $defs: object }).$defs, `${method}.result`))
    .map(({ $id }) => `${$id}#/$defs/${method}.result`)[0];

const message = 'urn:annelid:plugin:1:protocol';

/** What is wrong with the lines of a conversation; results are held against the schema of what was asked. */
const wrongIn = (lines: readonly Message[]): string[] => {
  const asked = new Map<unknown, string>();
  return lines.flatMap((line) => {
    if (typeof line.method === 'string') asked.set(line.id, line.method);
    const own = line.result === undefined ? undefined : resultOf(asked.get(line.id)!);
    const isInstead = own !== undefined && problems(line.result, `${message}#/$defs/instead`).length === 0;
    const schema = isInstead ? undefined : own;
    const found = [...problems(line, message), ...(schema === undefined ? [] : problems(line.result, schema))];
    return found.map((problem) => `${JSON.stringify(line)}: ${problem}`);
  });
};

const request = (method: string, params: object) => ({ jsonrpc: '2.0' as const, id: 7, method, params });
const ctx = { v: 1, instance: 'one', logLevel: 'info' };

describe('The JSON Schemas of the plugin protocol', () => {
  it('keep to the schema of JSON Schema 2020-12', () => {
    expect(documents.map(({ $id }) => $id)).to.include.members([message, 'urn:annelid:plugin:1:compute']);
    for (const document of documents) {
      ajv.validateSchema(document);
      expect(ajv.errors, document.$id).to.equal(null);
    }
  });

  it('take every sample of PROTOCOL.md', () => {
    const lines = ['wire', 'wire cloud', 'wire desk', 'wire parts', 'wire meter', 'wire clerk'].map((fence) =>
      samplesIn(fence).flatMap((block) =>
        block
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line.slice(3)) as Message),
      ),
    );
    expect(lines.flat().length).to.be.greaterThan(20);
    expect(lines.flatMap(wrongIn)).to.deep.equal([]);
  });

  for (const [what, line, problem] of [
    ['a string for an id', { ...request('compute.get', { vm: 'a', ctx }), id: '7' }, '/id must be integer'],
    ['parameters by position', request('compute.get', ['a'] as object), '/params must be object'],
    ['a call without a context', request('compute.get', { vm: 'a' }), "/params must have required property 'ctx'"],
    [
      'a parameter of another type',
      request('compute.create', { ...{ id: 'a', name: 'b', vcpus: '1', memoryMiB: 64, ctx } }),
      '/params/vcpus must be integer',
    ],
    [
      'progress beyond the end',
      { jsonrpc: '2.0', method: '$/progress', params: { id: 7, percent: 101 } },
      '/params/percent must be <= 100',
    ],
    [
      'an outcome that there is not',
      { jsonrpc: '2.0', id: 7, error: { code: 500, message: 'It broke.', data: { outcome: 'perhaps' } } },
      '/error/data/outcome must be equal to one of the allowed values',
    ],
    ['an answer without result and error', { jsonrpc: '2.0', id: 7 }, " must have required property 'error'"],
    ['another version', { jsonrpc: '1.0', id: 7, result: {} }, '/jsonrpc must be equal to constant'],
  ] as const) {
    it(`refuse ${what}`, () => {
      expect(problems(line, message)).to.include(problem);
    });
  }

  it('refuse a result that is not that of the call', () => {
    const schema = 'urn:annelid:plugin:1:compute#/$defs/compute.list.result';
    expect(problems({ items: [{ id: 'a', state: 'running', beyond: 1 }] }, schema)).to.deep.equal([]);
    expect(problems({ items: [{ id: 'a', state: 'on' }] }, schema)).to.deep.equal([
      '/items/0/state must be equal to one of the allowed values',
    ]);
  });

  it('take what the host and an example say to each other', async function () {
    this.timeout(30_000);
    await requireSuite(this, 'python sdk');
    const directory = await mkdtemp(join(tmpdir(), 'annelid-schemas-'));
    try {
      const example = pythonCommand('sdk/python/examples/cloud.py')
        .map((word) => `'${word}'`)
        .join(' ');
      const command = ['sh', '-c', `tee '${directory}/in' | ${example} | tee '${directory}/out'`];
      const { backend } = await startHost(this, [
        { id: 'one', plugin: 'cloud', command, config: { file: join(directory, 'cloud') } },
      ]);
      const wish = {
        id: 'a',
        name: 'web1',
        vcpus: 1,
        memoryMiB: 64,
        disks: [],
        networks: [],
        labels: { tier: 'front' },
      };
      await backend().call(compute.create, wish, { key: 'k' });
      await backend().find('k', 'compute.create', wish);
      await backend().call(compute.start, { vm: 'a' }, { key: 'k2' });
      await backend().call(compute.list, {});
      await backend()
        .call(compute.get, { vm: 'b' })
        .catch(() => {});
      await backend().call(compute.powerOff, { vm: 'a' }, { key: 'k3' });
      await backend().call(compute.delete, { vm: 'a' }, { key: 'k4' });
      await stopHosts(this);
      const said = await Promise.all(['in', 'out'].map((name) => readFile(join(directory, name), 'utf8')));
      const lines = said.map((text) =>
        text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Message),
      );
      expect(lines.map((half) => half.length > 8)).to.deep.equal([true, true]);
      expect(wrongIn(lines.flat())).to.deep.equal([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
