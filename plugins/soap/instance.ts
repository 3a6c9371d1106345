/** One configured server: the operations of its WSDL are published as a service. */

import { type ClientOperation, contractClient } from '../../daemon/frontends/soap/contract/index.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import type { Json } from '../../plugin-protocol/any.ts';
import { type PublishedMethod, reservedParams } from '../../plugin-protocol/contract/published.ts';
import type { Shape } from '../../plugin-protocol/shape.ts';
import { Http, placeOf } from '../../sdk/typescript/bridge/http.ts';
import { publishedNames, refuseTooMany } from '../../sdk/typescript/bridge/names.ts';
import { type Calls, Fault, type Instance, type PublishedCall, publish } from '../../sdk/typescript/plugin/index.ts';
import { Client } from './client.ts';
import { isLegalField, publishable } from './schemas.ts';
import { type Settings, settingsFrom } from './settings.ts';
import { loadContract, targetOf } from './wsdl.ts';

/** What stands for nothing, where the server answers that. */
const nothingFor = (result: Shape, name: string): (() => unknown) => {
  if (result['x-kind'] === 'any') return () => null;
  if (result['x-kind'] === 'list') return () => [];
  if (result['x-kind'] === 'record' && (result.required ?? []).length === 0) return () => ({});
  const hint = `With \`methods: {"${name}": {result: {}}}\` in its configuration, the connector passes that on.`;
  return () => {
    throw new Fault('failed', `The server answered ${name} with nothing, where a value is expected.`, { hint });
  };
};

const publishedFrom = (
  operation: ClientOperation,
  shapes: Pick<ClientOperation, 'params' | 'result'>,
  settings: Settings,
  client: Client,
): PublishedCall => {
  const { name, doc } = operation.operation;
  const of = settings.methods.get(name) ?? {};
  const changes = settings.changes(name);
  // With a schema of the configuration it is for that to say what may be nothing.
  const nothing = of.result === undefined ? nothingFor(shapes.result, name) : () => null;
  const described: Omit<PublishedMethod, 'name'> = {
    doc: of.doc ?? (doc || `The operation ${name} of the SOAP server.`).slice(0, 65_536),
    params: (of.params ?? shapes.params) as Json,
    result: (of.result ?? shapes.result) as Json,
    changes,
    ...(of.permission === undefined ? {} : { permission: of.permission }),
  };
  return {
    described,
    call: async (params, { timeoutMs, signal }) =>
      (await client.call(operation, params as Record<string, unknown>, { changes, timeoutMs, signal })) ?? nothing(),
  };
};

/** Parts become parameters, whose names every wire must be able to carry. */
const isCallable = (name: string, params: Shape, log: Instance['log']): boolean => {
  const fields = params['x-kind'] === 'record' ? Object.keys(params.properties) : [];
  const illegal = fields.find((field) => !isLegalField(field) || reservedParams.includes(field));
  if (illegal !== undefined)
    log.warn(`The operation ${name} is left out: ${illegal} cannot be the name of a parameter.`);
  return illegal === undefined;
};

export const createInstance = async (config: Record<string, unknown>, instance: Instance): Promise<Calls> => {
  const settings = settingsFrom(config, instance.id);
  const http = new Http(settings.reach);
  const contract = await loadContract(settings, http, (complaint) => instance.log.warn(complaint));
  const target = targetOf(contract, settings);
  const client = new Client(settings, target, http);
  const operations = [...contractClient(contract, defaultLimits)]
    .filter(([name]) => settings.isPublished(name))
    .filter(([name, { params }]) => isCallable(name, params, instance.log));
  refuseTooMany(operations);
  const unknown = [...settings.methods.keys()].find((name) => !operations.some(([known]) => known === name));
  if (unknown !== undefined) {
    const field = `/config/methods/${unknown}`;
    throw new Fault('invalid-params', `${field} is no operation of the WSDL that is published.`, { field });
  }
  const names = publishedNames(
    operations.map(([name]) => name),
    (name) => settings.methods.get(name)?.name,
  );
  const shapes = publishable(operations.map(([, { params, result }]) => ({ params, result })));
  const calls = operations.map(
    ([name, operation], at) => [names.get(name)!, publishedFrom(operation, shapes[at]!, settings, client)] as const,
  );
  const doc = settings.doc ?? (contract.doc || `The SOAP server at ${placeOf(target.url)}.`).slice(0, 65_536);
  instance.publish(publish(settings.service, doc, Object.fromEntries(calls)));
  return {};
};
