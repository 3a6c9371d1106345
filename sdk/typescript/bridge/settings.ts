/** What the configurations of bridges have in common. */
import { compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { Fault, type FaultKind, isFaultKind } from '../../../plugin-protocol/faults.ts';
import {
  any,
  bool,
  int,
  list,
  map,
  oneOf,
  optional,
  record,
  type Static,
  string,
} from '../../../plugin-protocol/shape.ts';
import type { Reach } from './http.ts';
import { legalName, matcher } from './names.ts';

const word = '^[A-Za-z][A-Za-z0-9_]*$';
const patterns = (description: string, standard?: string[]) =>
  optional(
    list(string('A name; `*` stands for any text.', { minLength: 1, maxLength: 256 }), description, {
      maxItems: 1000,
      ...(standard === undefined ? {} : { default: standard }),
    }),
  );
const schema = (description: string) => optional(any(description, { 'x-plain': true, 'x-max-depth': 64 }));

/** The fields of every bridge; each adds its own. */
export const bridgeFields = {
  username: optional(string('Who the bridge is for the server: HTTP Basic.', { maxLength: 1024 })),
  password: optional(string('The password; give it as a secret.', { maxLength: 65_536 })),
  ca: optional(
    string('PEM of the authorities that the certificate of the server must be of.', { maxLength: 1_048_576 }),
  ),
  service: optional(
    string('The name of the service that the methods are published as; that of the connector when left out.', {
      pattern: word,
      patternWords: 'be letters, digits and _, and begin with a letter',
      maxLength: 64,
    }),
  ),
  doc: optional(string('What the service is, for users.', { maxLength: 65_536 })),
  include: patterns('The methods that are published, by their names at the server.', ['*']),
  exclude: patterns('Of those, the ones that are not.', []),
  reads: patterns('The methods that change nothing, so that readers may call them; of others it is not known.', []),
  faults: optional(
    map('The kind of fault that a code of the server stands for.', { maxProperties: 1000, default: {} }),
  ),
  timeoutMs: optional(int('Milliseconds that the server has for a reply.', { minimum: 1, default: 30_000 })),
  replyMiB: optional(int('The longest reply, in MiB.', { minimum: 1, maximum: 64, default: 8 })),
  methods: schema('What is known of single methods, by their names at the server.'),
};

/** What the configuration says of one method, in place of what the server does. */
export const MethodSettings = record('MethodSettings', 'A method.', {
  name: optional(
    string('Its name in the service.', {
      pattern: word,
      patternWords: 'be letters, digits and _, and begin with a letter',
      maxLength: 64,
    }),
  ),
  doc: optional(string('What it does, for users.', { maxLength: 65_536 })),
  params: schema('JSON Schema of its parameters: an object, whose properties are in their order.'),
  result: schema('JSON Schema of its result.'),
  changes: optional(bool('Whether it changes something; in place of `reads`.')),
  permission: optional(oneOf(['public', 'read', 'operate', 'admin'], 'Who may call it.')),
});
export type MethodSettings = Static<typeof MethodSettings>;

const checkMethod = compileCheck(MethodSettings);

export interface BridgeSettings {
  service: string;
  doc: string | undefined;
  reach: Reach;
  /** Whether a method of the server is published at all. */
  isPublished: (name: string) => boolean;
  changes: (name: string) => boolean;
  methods: ReadonlyMap<string, MethodSettings>;
  /** The kind of fault of a code; undefined when the configuration does not say. */
  faultOf: (code: string) => FaultKind | undefined;
}

const wrong = (field: string, message: string): never => {
  throw new Fault('invalid-params', `${field} ${message}`, { field });
};

/** A URL that is asked over HTTP, without anything secret in it. */
export const httpUrl = (value: string, field: string): URL => {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol))
    return wrong(field, 'must be a URL that begins with http:// or https://.');
  if (url.username !== '' || url.password !== '') {
    return wrong(field, 'must be without user and password: they have fields of their own.');
  }
  return url;
};

const methodsFrom = (given: unknown): Map<string, MethodSettings> => {
  const field = '/config/methods';
  if (given === undefined) return new Map();
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return wrong(field, 'must be an object: what is known of each method, by its name.');
  }
  const methods = new Map(
    Object.entries(given).map(([name, of]) => [name, checkMethod(of ?? {}, `${field}/${name}`) as MethodSettings]),
  );
  const taken = new Map<string, string>();
  for (const [name, { name: chosen }] of methods) {
    if (chosen === undefined) continue;
    const other = taken.get(chosen.toLowerCase());
    if (other !== undefined) wrong(`${field}/${name}/name`, `is ${chosen}, as that of ${other} is, but for case.`);
    taken.set(chosen.toLowerCase(), name);
  }
  return methods;
};

interface Given {
  username?: string;
  password?: string;
  ca?: string;
  service?: string;
  doc?: string;
  include?: string[];
  exclude?: string[];
  reads?: string[];
  faults?: Record<string, string>;
  timeoutMs?: number;
  replyMiB?: number;
  methods?: unknown;
}

const MiB = 1024 * 1024;

/** `given` has been checked; `instance` is the name of the connector. Throws `Fault`, which names the field. */
export const bridgeSettings = (given: Given, instance: string): BridgeSettings => {
  const { username, password, ca, service = legalName(instance), doc, include, exclude, reads, faults = {} } = given;
  if (password !== undefined && username === undefined) wrong('/config/username', 'must be given with a password.');
  for (const [code, kind] of Object.entries(faults)) {
    if (!isFaultKind(kind)) wrong(`/config/faults/${code}`, `is ${kind}, which is no kind of fault.`);
  }
  const methods = methodsFrom(given.methods);
  const isIncluded = matcher(include ?? ['*']);
  const isExcluded = matcher(exclude ?? []);
  const isRead = matcher(reads ?? []);
  return {
    service,
    doc,
    reach: {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(ca === undefined ? {} : { ca }),
      mostBytes: (given.replyMiB ?? 8) * MiB,
      timeoutMs: given.timeoutMs ?? 30_000,
    },
    isPublished: (name) => isIncluded(name) && !isExcluded(name),
    changes: (name) => methods.get(name)?.changes ?? !isRead(name),
    methods,
    faultOf: (code) => (Object.hasOwn(faults, code) ? (faults[code] as FaultKind) : undefined),
  };
};
