/** One configured server: what it has is published as a service. */
import type { Json } from '../../plugin-protocol/any.ts';
import type { PublishedMethod } from '../../plugin-protocol/contract/published.ts';
import { recordFromSchema, SchemaError, shapeFromSchema } from '../../plugin-protocol/json-schema/read.ts';
import type { RecordShape, Shape } from '../../plugin-protocol/shape.ts';
import { placeOf } from '../../sdk/typescript/bridge/http.ts';
import { publishedNames } from '../../sdk/typescript/bridge/names.ts';
import type { MethodSettings } from '../../sdk/typescript/bridge/settings.ts';
import { type Calls, Fault, type Instance, type PublishedCall, publish } from '../../sdk/typescript/plugin/index.ts';
import { Client, ServerFault } from './client.ts';
import { type Introspected, introspect, listMethods } from './introspection.ts';
import { type Settings, settingsFrom } from './settings.ts';
import { signed } from './signatures.ts';

/** A schema of the configuration as a shape. */
const within = <S extends Shape>(field: string, make: () => S): S => {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    const at = `${field}${error.path}`;
    throw new Fault('invalid-params', `${at} ${error.message}.`, { field: at });
  }
};

const shapesFor = ({ name, signatures }: Introspected, of: MethodSettings, most: number) => {
  const field = `/config/methods/${name}`;
  const { params, result } = signed(signatures, most);
  return {
    params:
      of.params === undefined
        ? params
        : within<RecordShape>(`${field}/params`, () => recordFromSchema(of.params, '', 'Params')),
    result:
      of.result === undefined
        ? result
        : within<Shape>(`${field}/result`, () => shapeFromSchema(of.result, '', 'Result')),
  };
};

const publishedFrom = (method: Introspected, settings: Settings, client: Client): PublishedCall => {
  const { name, help } = method;
  const of = settings.methods.get(name) ?? {};
  const { params, result } = shapesFor(method, of, settings.arguments);
  const changes = settings.changes(name);
  const callable = client.callable(name, params, result, changes);
  const described: Omit<PublishedMethod, 'name'> = {
    doc: of.doc ?? (help || `${name} of the XML-RPC server.`),
    params: (of.params ?? params) as Json,
    result: (of.result ?? result) as Json,
    changes,
    ...(of.permission === undefined ? {} : { permission: of.permission }),
  };
  return {
    described,
    call: (given, { timeoutMs, signal }) =>
      client.call(callable, given as Record<string, unknown>, { timeoutMs, signal }),
  };
};

/** The methods that are meant: those that the server lists, and those that the configuration knows. */
const methodsOf = async (client: Client, settings: Settings, log: Instance['log']): Promise<Introspected[]> => {
  const { methods, isPublished, url } = settings;
  const listed = await listMethods(client);
  if (listed instanceof Fault) {
    // What is no XML-RPC server lists nothing either, and no configuration mends that.
    if (methods.size === 0 && !(listed instanceof ServerFault)) throw listed;
    if (methods.size === 0) {
      const words = `The server at ${placeOf(url)} does not list its methods, so \`methods\` must. To system.listMethods it says: ${listed.message}`;
      throw new Fault('invalid-params', words, { field: '/config/methods' });
    }
    log.info(`The server at ${placeOf(url)} does not list its methods; those of the configuration are taken.`);
    return [...methods.keys()].map((name) => ({ name, help: '', signatures: [] }));
  }
  // What every server has is of no use here.
  const meant = listed.filter((name) => isPublished(name) && (!name.startsWith('system.') || methods.has(name)));
  const found = await introspect(client, [...new Set(meant)], settings.reach.timeoutMs);
  const known = new Set(meant);
  const more = [...methods.keys()].filter((name) => !known.has(name));
  for (const name of more)
    log.warn(`The server at ${placeOf(url)} does not list ${name}, which the configuration has.`);
  return [...found, ...more.map((name) => ({ name, help: '', signatures: [] }))];
};

export const createInstance = async (config: Record<string, unknown>, instance: Instance): Promise<Calls> => {
  const settings = settingsFrom(config, instance.id);
  const client = new Client(settings);
  const methods = await methodsOf(client, settings, instance.log);
  const names = publishedNames(
    methods.map(({ name }) => name),
    (name) => settings.methods.get(name)?.name,
  );
  const calls = methods.map((method) => [names.get(method.name)!, publishedFrom(method, settings, client)] as const);
  const doc = settings.doc ?? `The XML-RPC server at ${placeOf(settings.url)}.`;
  instance.publish(publish(settings.service, doc, Object.fromEntries(calls)));
  return {};
};
