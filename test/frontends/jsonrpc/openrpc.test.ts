import openrpc from '@open-rpc/meta-schema';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import { paramsOf } from '../../../daemon/catalogue/method.ts';
import { jsonrpc } from '../../../daemon/frontends/jsonrpc/index.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

interface Document {
  servers: { url: string }[];
  methods: {
    name: string;
    summary: string;
    params: { name: string }[];
    result: { schema: object };
    errors: object[];
  }[];
  components: { schemas: Record<string, object>; errors: Record<string, { code: number }> };
}
const api = fakeApi();
const routes = jsonrpc.routes(fakeContext(api));
const document = async (): Promise<Document> =>
  JSON.parse((await request(routes, 'GET', '/openrpc.json')).body as string);

// A CommonJS module whose types say `default`.
const { openrpcDocument } = openrpc as { openrpcDocument: { definitions: Record<string, object> } };
/** Two of its definitions refer to other documents by URL. Schemas and references have tests of their own below. */
const metaSchema = {
  ...openrpcDocument,
  definitions: {
    ...openrpcDocument.definitions,
    JSONSchema: { type: ['object', 'boolean'] },
    referenceObject: { ...openrpcDocument.definitions.referenceObject, properties: { $ref: { type: 'string' } } },
  },
};

/** Every `$ref` in a value. */
const references = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
};

describe('OpenRPC document', () => {
  it('keeps to the schema of OpenRPC', async () => {
    const check = new Ajv({ strict: false, validateSchema: false }).compile(metaSchema);
    check(await document());
    expect(check.errors).to.equal(null);
    expect(check({ ...(await document()), methods: [{ nameless: true }] })).to.equal(false);
  });

  it('is answered to rpc.discover and at both of its paths', async () => {
    const body = '{"jsonrpc":"2.0","method":"rpc.discover","id":9}';
    const answer = JSON.parse((await request(routes, 'POST', '/jsonrpc', { body })).body as string);
    expect(answer.id).to.equal(9);
    expect(answer.result).to.deep.equal(await document());
    expect((await request(routes, 'GET', '/jsonrpc')).body).to.equal(JSON.stringify(await document()));
  });

  it('has every method of the catalogue, with its parameters in order', async () => {
    const described = (await document()).methods.map(({ name, params }) => [name, params.map((one) => one.name)]);
    const known = [...api.methods.values()].map((method) => [method.name, paramsOf(method).map(([name]) => name)]);
    expect(described).to.deep.equal(known);
  });

  it('describes each method in a sentence, its result, and its faults by number', async () => {
    const { methods, components } = await document();
    const start = methods.find(({ name }) => name === 'vm.start');
    expect(start?.summary).to.equal('Power on a stopped machine.');
    expect(start?.result.schema).to.deep.equal({ $ref: '#/components/schemas/Operation' });
    expect(start?.errors).to.deep.include({ $ref: '#/components/errors/conflict' });
    expect(components.errors.conflict?.code).to.equal(409);
    expect(components.errors['invalid-params']?.code).to.equal(-32602);
  });

  it('refers only to what it defines', async () => {
    const whole = await document();
    const targets = new Set(references(whole));
    expect([...targets]).to.include('#/components/schemas/Vm');
    for (const target of targets) {
      const [, kind, name] = /^#\/components\/(schemas|errors)\/([\w-]+)$/.exec(target) as unknown as [
        string,
        'schemas' | 'errors',
        string,
      ];
      expect(Object.hasOwn(whole.components[kind], name), target).to.equal(true);
    }
  });

  it('has schemas that the examples keep', async () => {
    const { methods, components } = await document();
    for (const { name, result } of methods) {
      const check = addFormats.default(new Ajv({ strict: false })).compile({ ...result.schema, components });
      check(api.methods.get(name)?.example.result);
      expect(check.errors, name).to.equal(null);
    }
  });

  it('names the server by its public URL', async () => {
    expect((await document()).servers[0]?.url).to.equal('http://cloud.example/jsonrpc');
  });
});
