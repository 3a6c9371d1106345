/** The methods that XML-RPC adds of its own, and what introspection says of them. */
import { int, record, type Shape, string } from '../../../plugin-protocol/shape.ts';
import type { Method } from '../../catalogue/method.ts';
import { systemMethods } from '../../catalogue/system.ts';
import { unknownMethod } from './call.ts';

export interface OwnMethod {
  doc: string;
  signatures: string[][];
}

export const multicallName = 'system.multicall';
export const capabilitiesName = 'system.getCapabilities';

export const ownMethods: ReadonlyMap<string, OwnMethod> = new Map([
  [
    multicallName,
    {
      doc: 'Make several calls, one after the other. Each is a struct of methodName and params; each answer is an array of one value, or a fault as a struct.',
      signatures: [['array', 'array']],
    },
  ],
  [
    capabilitiesName,
    {
      doc: 'The specifications that this server keeps to: for each its address and version.',
      signatures: [['struct']],
    },
  ],
]);

const specifications: Record<string, [url: string, version: number]> = {
  xmlrpc: ['http://xmlrpc.com/spec.md', 1],
  introspection: ['http://xmlrpc-c.sourceforge.net/introspection.html', 1],
  'system.multicall': ['http://mirrors.talideon.com/articles/multicall.html', 1],
  faults_interop: ['http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php', 20010516],
  nil: ['http://ontosys.com/xml-rpc/extensions.php', 20010518],
};

const Capability = record('Capability', 'A specification.', {
  specUrl: string('Where it can be read.'),
  specVersion: int('Its version.'),
});
/** The result of `system.getCapabilities`. */
export const Capabilities: Shape = record(
  'Capabilities',
  'Specifications by name.',
  Object.fromEntries(Object.keys(specifications).map((name) => [name, Capability])),
);
export const capabilities = Object.fromEntries(
  Object.entries(specifications).map(([name, [specUrl, specVersion]]) => [name, { specUrl, specVersion }]),
);

/**
 * What introspection answers about the methods of XML-RPC's own: undefined when the question is not about them.
 * `params` are those of one of the `system.*` methods of the catalogue.
 */
export const describeOwn = (name: string, params: Record<string, unknown>): unknown => {
  const own = typeof params.method === 'string' ? ownMethods.get(params.method) : undefined;
  if (name === systemMethods.methodHelp.name) return own?.doc;
  if (name === systemMethods.methodSignature.name) return own?.signatures;
  return undefined;
};

/**
 * The parameters of a method of the catalogue: what introspection is asked about has the names of the endpoint. Throws
 * `Fault('unknown-method')` for what cannot be called there.
 */
export const askedFor = (
  name: string,
  params: Record<string, unknown>,
  offered: ReadonlyMap<string, Method>,
): Record<string, unknown> => {
  if (name !== systemMethods.methodHelp.name && name !== systemMethods.methodSignature.name) return params;
  if (typeof params.method !== 'string') return params;
  const method = offered.get(params.method);
  if (method === undefined) throw unknownMethod(params.method);
  return { ...params, method: method.name };
};

/** The result of a method of the catalogue as it is over XML-RPC: the list of methods has the names of the endpoint. */
export const completed = (name: string, result: unknown, offered: ReadonlyMap<string, Method>): unknown =>
  name === systemMethods.listMethods.name ? [...offered.keys(), ...ownMethods.keys()].sort() : result;
