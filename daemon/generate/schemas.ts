/**
 * The messages of the plugin protocol as JSON Schema 2020-12, for authors in languages without a kit: one document for what
 * every plugin speaks and one for each interface, self-contained but for the references between them.
 */

import { Report } from '../../plugin-protocol/conformance/report/report.ts';
import {
  AnswerError,
  BlobHandle,
  baseParams,
  baseResults,
  Context,
  notifications,
  protocolVersion,
  TaskHandle,
} from '../../plugin-protocol/contract/base.ts';
import { hostCalls, Need } from '../../plugin-protocol/contract/host.ts';
import { type ContractCall, contract, interfaces } from '../../plugin-protocol/contract/index.ts';
import { createSchemaWriter, type JsonSchema } from '../../plugin-protocol/json-schema/write.ts';
import type { RecordShape, Shape } from '../../plugin-protocol/shape.ts';
import { namedRecords } from '../catalogue/records.ts';
import type { Target } from './targets.ts';

const writer = createSchemaWriter('#/$defs/', { open: true });
const idOf = (name: string) => `urn:annelid:plugin:${protocolVersion}:${name}`;
const inProtocol = (definition: string) => `${idOf('protocol')}#/$defs/${definition}`;

/** Calls that are made without a context: some of the host, and all of a plugin. */
const withoutContext = new Set(['describe', 'echo', ...Object.keys(hostCalls)]);

interface Described {
  params: RecordShape;
  result: Shape;
}

/** The parameters as they are sent: with the context among them. */
const sentParams = (name: string, { params }: Described): JsonSchema => {
  const { title: _, properties, required, ...facts } = writer.record(params);
  if (withoutContext.has(name)) return { ...facts, properties, required };
  const ctx = { $ref: contract.has(name) ? inProtocol('Context') : '#/$defs/Context' };
  return { ...facts, properties: { ...(properties as object), ctx }, required: [...(required as string[]), 'ctx'] };
};

/** A result that need not say anything may be null (7.3). */
const answered = (result: Shape): JsonSchema =>
  result['x-kind'] === 'record' && result.required === undefined
    ? { anyOf: [writer.schema(result), { type: 'null' }] }
    : writer.schema(result);

const definitions = (calls: ReadonlyMap<string, Described>): JsonSchema => ({
  ...Object.fromEntries(
    [...calls].flatMap(([name, call]) => [
      [`${name}.params`, sentParams(name, call)],
      [`${name}.result`, answered(call.result)],
    ]),
  ),
  ...Object.fromEntries([...namedRecords(calls.values())].map(([name, shape]) => [name, writer.record(shape)])),
});

const document = (name: string, facts: JsonSchema): string =>
  `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: idOf(name), ...facts }, undefined, 1)}\n`;

const interfaceSchema = (name: string, calls: readonly ContractCall[]): string =>
  document(name, {
    title: `The interface ${name} of the Annelid plugin protocol, version ${protocolVersion}`,
    description: 'Parameters and result of each call: `#/$defs/CALL.params`, `#/$defs/CALL.result`.',
    $defs: definitions(new Map(calls.map((call) => [call.name, call]))),
  });

const message = (required: readonly string[], properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties: { jsonrpc: { const: '2.0' }, ...properties },
  required: ['jsonrpc', ...required],
  ...more,
});

/** Parameters that were written in parts are not there (17.3). */
const notInParts = {
  not: { type: 'object', properties: { ctx: { type: 'object', required: ['blob'] } }, required: ['ctx'] },
};

/** What `params` are, for each method that is known; others are of plugins, or younger than this. */
const paramsByMethod = (references: readonly (readonly [method: string, reference: string])[]): JsonSchema => ({
  allOf: references.map(([method, $ref]) => ({
    if: { properties: { method: { const: method }, params: notInParts } },
    // biome-ignore lint/suspicious/noThenProperty: it is a word of JSON Schema.
    then: { properties: { params: { $ref } } },
  })),
});

const interfaceOf = (call: string) => call.slice(0, call.indexOf('.'));

const protocolSchema = (): string => {
  const calls = new Map<string, Described>([
    ...(Object.keys(baseResults) as (keyof typeof baseResults)[]).map((name): [string, Described] => [
      name,
      { params: baseParams[name], result: baseResults[name] },
    ]),
    ...Object.entries(hostCalls),
  ]);
  const instead = { task: TaskHandle, need: Need, blob: BlobHandle };
  const spoken = [Context, AnswerError, ...Object.values(notifications), ...Object.values(instead)];
  const id = { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 };
  const requests = [
    ...[...calls.keys()].map((name) => [name, `#/$defs/${name}.params`] as const),
    ...[...contract.keys()].map((name) => [name, `${idOf(interfaceOf(name))}#/$defs/${name}.params`] as const),
  ];
  const notified = Object.entries(notifications).map(
    ([name, shape]) => [name, `#/$defs/${(shape as RecordShape)['x-name']}`] as const,
  );
  const params = { type: 'object' };
  return document('protocol', {
    title: `The Annelid plugin protocol, version ${protocolVersion}`,
    description:
      'A line between the host and a plugin. What a call answers is `#/$defs/CALL.result`, here and in the documents of the interfaces, or `#/$defs/instead`. Each reader ignores members that it does not know; what the host bears with beyond this is in PROTOCOL.md.',
    anyOf: ['request', 'notification', 'answer', 'failure'].map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: {
      request: message(
        ['id', 'method', 'params'],
        { id, method: { type: 'string' }, params },
        paramsByMethod(requests),
      ),
      notification: message(
        ['method', 'params'],
        { id: false, method: { type: 'string', pattern: '^\\$/' }, params },
        paramsByMethod(notified),
      ),
      answer: message(['id', 'result'], { id, result: true, method: false, error: false }),
      failure: message(['id', 'error'], { id, error: { $ref: '#/$defs/Error' }, method: false, result: false }),
      instead: {
        description: 'What may stand for the result of a call, where `ctx.accept` has it.',
        anyOf: Object.entries(instead).map(([name, shape]) => ({
          type: 'object',
          properties: { [name]: writer.schema(shape) },
          required: [name],
          additionalProperties: false,
        })),
      },
      ...definitions(calls),
      ...Object.fromEntries(
        [...namedRecords(spoken.map((result) => ({ params: baseParams.echo, result })))].map(([name, shape]) => [
          name,
          writer.record(shape),
        ]),
      ),
    },
  });
};

/** What `annelid plugin check --report json` writes. */
const reportSchema = (): string => {
  const { title: _, ...report } = writer.record(Report);
  return document('check-report', {
    title: 'The report of annelid plugin check, as JSON',
    ...report,
    $defs: Object.fromEntries(
      [...namedRecords([{ params: Report, result: Report }])].map(([name, shape]) => [name, writer.record(shape)]),
    ),
  });
};

const folder = 'plugin-protocol/schemas';

export const schemaTargets: readonly Target[] = [
  { path: `${folder}/protocol.json`, text: protocolSchema },
  { path: `${folder}/check-report.json`, text: reportSchema },
  ...Object.entries(interfaces).map(([name, calls]) => ({
    path: `${folder}/${name}.json`,
    text: () => interfaceSchema(name, Object.values(calls)),
  })),
];
