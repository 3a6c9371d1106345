/** The OpenRPC document: the catalogue as JSON-RPC clients and their generators read it. */
import { Fault, type FaultKind, faults } from '../../../plugin-protocol/faults.ts';
import { createSchemaWriter, type JsonSchema } from '../../../plugin-protocol/json-schema/write.ts';
import { commonFaults, type Method, paramsOf } from '../../catalogue/method.ts';
import { namedRecords } from '../../catalogue/records.ts';

const { schema, record } = createSchemaWriter('#/components/schemas/');

/** A fault as an OpenRPC error. Several kinds share a number, so the kind stands in `data`. */
const errorOf = (kind: FaultKind): JsonSchema => ({
  code: new Fault(kind, '').wireCode,
  message: faults[kind].doc,
  data: { kind },
});

const firstSentence = (doc: string) => /^.*?[.!?](?=\s|$)/s.exec(doc)?.[0] ?? doc;

const methodOf = (method: Method): JsonSchema => ({
  name: method.name,
  summary: firstSentence(method.doc),
  description: method.doc,
  tags: [{ name: method.name.split('.')[0] }],
  paramStructure: 'either',
  params: paramsOf(method).map(([name, shape, required]) => ({
    name,
    description: shape.description,
    required,
    schema: schema(shape),
  })),
  result: { name: 'result', description: method.returns, schema: schema(method.result) },
  errors: [...new Set([...method.faults, ...commonFaults])].map((kind) => ({ $ref: `#/components/errors/${kind}` })),
  examples: [
    {
      name: 'example',
      paramStructure: 'by-name',
      params: Object.entries(method.example.params).map(([name, value]) => ({ name, value })),
      result: { name: 'result', value: method.example.result },
    },
  ],
});

/** The whole document, for the methods that there are now and the URL under which they are. */
export const openrpcDocument = (methods: ReadonlyMap<string, Method>, url: string, version: string): JsonSchema => ({
  openrpc: '1.3.2',
  info: {
    title: 'Annelid',
    version,
    description:
      'Any management tool drives any cloud. Parameters are taken by name or by position; credentials are HTTP Basic or Bearer.',
    license: { name: 'Apache-2.0' },
  },
  servers: [{ name: 'annelid', url: `${url}/jsonrpc` }],
  methods: [...methods.values()].map(methodOf),
  components: {
    schemas: Object.fromEntries([...namedRecords(methods.values())].map(([name, shape]) => [name, record(shape)])),
    errors: Object.fromEntries((Object.keys(faults) as FaultKind[]).map((kind) => [kind, errorOf(kind)])),
  },
});
