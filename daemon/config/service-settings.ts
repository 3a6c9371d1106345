/** Service profiles in the configuration: forms in which services of plugins are served over SOAP, and names over XML-RPC. */
import { resolve } from 'node:path';
import { bool, list, map, oneOf, optional, record, type Static, string } from '../../plugin-protocol/shape.ts';
import { dotted, isObject, pointerTo, type Report, settle } from './settle.ts';

const name = { pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$', maxLength: 128 };

/** A path of HTTP, without what would be a query, an escape or a step up. */
const path = { pattern: '^(/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+/?$', maxLength: 1024 };
const pathList = (wire: string) =>
  optional(
    list(string('A path.', path), `Further paths where it is served over ${wire}, for clients that know no other.`, {
      maxItems: 64,
    }),
  );

export const OperationSettings = record('ServiceOperationSettings', 'An operation of a profile.', {
  method: optional(string('The method of the service that serves it; the one of its name when left out.', name)),
  action: optional(string('SOAPAction; may be empty.', { maxLength: 4096 })),
  parts: optional(map('The names of parts that are not those of the parameters: the parameter of each.')),
  reply: optional(string('The name of the part that holds the result.', { ...name, default: 'return' })),
});

export const styles = ['document', 'rpc', 'encoded'] as const;

/** `operations` is missing here: its members have names of their own. */
export const ServiceSettings = record('ServiceSettings', 'A service of a plugin in a form of its own.', {
  service: optional(string('The service that a plugin publishes; the one of this name when left out.', name)),
  wsdl: optional(
    string('The file with the WSDL that is to be served as it is; files that it imports are read from beside it.', {
      minLength: 1,
      maxLength: 4096,
    }),
  ),
  port: optional(string('The port of the WSDL that is meant; all that are bound to SOAP when left out.', name)),
  headers: optional(
    list(
      string('A name, or `{namespace}name`.', { maxLength: 4096 }),
      'Elements of the WSDL that may be headers of any operation, beside those that it declares itself.',
      { maxItems: 256 },
    ),
  ),
  roles: optional(
    list(string('A URI.', { maxLength: 4096 }), 'Roles of SOAP that the service acts in.', { maxItems: 64 }),
  ),
  strict: optional(bool('Whether envelopes of SOAP 1.2 are judged to the letter.', { default: false })),
  namespace: optional(string('The namespace of the service.', { minLength: 1, maxLength: 4096 })),
  typeNamespace: optional(string('The namespace of its types, when it is another.', { minLength: 1, maxLength: 4096 })),
  style: optional(
    oneOf(styles, 'What the WSDL describes, and what is answered to those who show no style of their own.', {
      default: 'document',
    }),
  ),
  portType: optional(string('What the WSDL calls the port type; its other names begin with it.', name)),
  xmlrpcPaths: pathList('XML-RPC'),
  soapPaths: pathList('SOAP'),
});

export type ProfiledOperation = Static<typeof OperationSettings>;
export type ServiceConfig = Omit<Static<typeof ServiceSettings>, 'service'> & {
  /** Where it is served: `/soap/<name>` and `/RPC2/<name>`, and at its paths. */
  name: string;
  service: string;
  operations?: Record<string, ProfiledOperation>;
};

const serviceName = /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/;
/** What a WSDL says itself. */
const notBesideWsdl = ['namespace', 'typeNamespace', 'style', 'portType'] as const;
const onlyBesideWsdl = ['port', 'headers', 'roles', 'strict'] as const;

/** What the daemon serves itself: at these paths, and at whatever is below the latter. */
export const ownPaths = {
  exact: ['/', '/RPC2/', '/xmlrpc', '/xmlrpc/', '/jsonrpc', '/openrpc.json', '/events', '/healthz', '/metrics'],
  below: ['/RPC2', '/soap', '/docs'],
} as const;

const isOwn = (path: string): boolean =>
  ownPaths.exact.some((own) => path === own) ||
  ownPaths.below.some((own) => path === own || path.startsWith(`${own}/`));

const pathSettings = ['xmlrpcPaths', 'soapPaths'] as const;

/** Each path is served by one, and none by the daemon itself; `taken` has whose they are. */
const checkPaths = (
  values: Static<typeof ServiceSettings>,
  pointer: string,
  taken: Map<string, string>,
  report: Report,
): void => {
  for (const setting of pathSettings) {
    for (const [index, path] of (values[setting] ?? []).entries()) {
      const at = `${pointerTo(pointer, setting)}/${index}`;
      const other = taken.get(path);
      if (isOwn(path)) report(at, `is ${path}, which the daemon serves itself`);
      else if (other !== undefined) report(at, `is ${path}, which stands in ${other} already`);
      else taken.set(path, dotted(pointerTo(pointer, setting)));
    }
  }
};

const legalName = new RegExp(name.pattern);
/** They become elements. */
const checkNames = (names: Iterable<string>, pointer: string, report: Report): void => {
  for (const one of names) {
    if (!legalName.test(one) || one.length > name.maxLength)
      report(
        pointerTo(pointer, one),
        `must be named with letters, digits, "_", "." and "-", a letter or "_" first`,
        'name',
      );
  }
};

const settleOperations = (given: unknown, pointer: string, report: Report): Record<string, ProfiledOperation> => {
  if (!isObject(given)) {
    report(pointer, 'must be a map of operations by name');
    return {};
  }
  return Object.fromEntries(
    Object.entries(given).map(([operation, of]) => {
      const at = pointerTo(pointer, operation);
      const short = typeof of === 'string' ? { method: of } : of;
      const settled = settle(OperationSettings, short, at, report) as ProfiledOperation;
      checkNames(Object.keys(settled.parts ?? {}), `${at}/parts`, report);
      return [operation, settled];
    }),
  );
};

/** The profiles, files resolved from `folder`. */
export const settleServices = (given: unknown, report: Report, folder: string): ServiceConfig[] => {
  if (given === undefined || given === null) return [];
  if (!isObject(given)) {
    report('/services', 'must be a map of services by name');
    return [];
  }
  const taken = new Map<string, string>();
  return Object.entries(given).map(([key, of]) => {
    const pointer = pointerTo('/services', key);
    if (!serviceName.test(key)) {
      report(pointer, 'must be named with letters, digits, ".", "_" and "-", at most 63 of them', 'name');
    }
    const values = settle(ServiceSettings, of, pointer, report, ['operations']) as Static<typeof ServiceSettings>;
    checkPaths(values, pointer, taken, report);
    const written = isObject(of) ? of : {};
    const misplaced = written.wsdl === undefined ? onlyBesideWsdl : notBesideWsdl;
    for (const setting of misplaced) {
      if (written[setting] === undefined) continue;
      const why = written.wsdl === undefined ? 'is for profiles with a wsdl' : 'is what the wsdl says itself';
      report(pointerTo(pointer, setting), why, 'name');
    }
    const operations =
      written.operations === undefined
        ? undefined
        : settleOperations(written.operations, pointerTo(pointer, 'operations'), report);
    // Those of a WSDL are held against it.
    if (values.wsdl === undefined) checkNames(Object.keys(operations ?? {}), pointerTo(pointer, 'operations'), report);
    return {
      ...values,
      ...(values.wsdl !== undefined && { wsdl: resolve(folder, values.wsdl) }),
      ...(operations !== undefined && { operations }),
      name: key,
      service: values.service ?? key,
    };
  });
};
