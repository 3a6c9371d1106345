/** Services of plugins in the forms that the configuration has for them. */
import { fieldsOf, type RecordShape, type Shape } from '../../../plugin-protocol/shape.ts';
import type { Method } from '../../catalogue/index.ts';
import type { PublishedService } from '../../catalogue/published.ts';
import type { FrontendContext } from '../frontend.ts';
import type { OperationProfile, ServiceProfile } from '../service-profile.ts';
import { type Contract, contractFromFile, contractService, methodsFor, misfit } from './contract/index.ts';
import { operationFrom, publishedService, type Service, type ServiceOperation, wsdlNamesFor } from './service.ts';

/** A profile that names what its service does not have. */
export class ProfileError extends Error {}

const pathOf = ({ name }: ServiceProfile): string => `/soap/${name}`;

/** The parts of a call: the parameters in their order, some under other names. */
const partsFor = (method: Method, parts: Record<string, string>): ServiceOperation['request'] => {
  const names = new Map(Object.entries(parts).map(([part, param]) => [param, part]));
  const fields = fieldsOf(method.params as unknown as RecordShape);
  const unknown = [...names.keys()].find((param) => !fields.some(([field]) => field === param));
  if (unknown !== undefined) throw new ProfileError(`${method.name} has no parameter ${unknown}`);
  return fields.map(([field, shape, required]) => {
    const name = names.get(field);
    return name === undefined ? { name: field, shape, required } : { name, shape, required, field };
  });
};

const fromSettings = (published: PublishedService, profile: ServiceProfile): Service => {
  const own = publishedService(published);
  const namespace = profile.namespace ?? own.namespace;
  const listed: Record<string, OperationProfile> =
    profile.operations ?? Object.fromEntries([...published.methods.keys()].map((name) => [name, {}]));
  return {
    path: pathOf(profile),
    namespace,
    typeNamespace: profile.typeNamespace ?? namespace,
    style: profile.style ?? own.style,
    names: profile.portType === undefined ? own.names : wsdlNamesFor(profile.portType),
    operations: Object.entries(listed).map(([name, { method: wanted = name, action, parts = {}, reply }]) => {
      const method = published.methods.get(wanted);
      if (method === undefined) throw new ProfileError(`${published.name} has no method ${wanted}`);
      const made = operationFrom(method, name, namespace);
      return {
        ...made,
        action: action ?? made.action,
        request: partsFor(method, parts),
        reply: made.reply.map((part) => ({ ...part, name: reply ?? part.name })),
      };
    }),
  };
};

/** The form of a service that a profile gives it; throws `ProfileError`. */
export const compileProfile = (
  profile: ServiceProfile,
  { log, limits }: FrontendContext,
): ((published: PublishedService) => Service) => {
  const { name, wsdl, port, headers, roles, strict } = profile;
  if (wsdl === undefined) return (published) => fromSettings(published, profile);
  const contract: Contract = contractFromFile(wsdl, limits.xml, {
    ...(port !== undefined && { port }),
    ...(headers !== undefined && { headers }),
  });
  const needed = methodsFor(contract, name);
  for (const operation of Object.keys(profile.operations ?? {})) {
    if (!needed.has(operation)) throw new ProfileError(`${wsdl} has no operation ${operation}`);
  }
  return (published) => {
    const methods = new Map<string, Method>();
    for (const [operation, wanted] of needed) {
      const called = profile.operations?.[operation]?.method ?? operation;
      const method = published.methods.get(called);
      const why =
        method === undefined
          ? `${published.name} has no method ${called}`
          : (misfit(wanted.params as Shape, method.params as Shape, 'in') ??
            misfit(method.result as Shape, wanted.result as Shape, 'out'));
      if (method !== undefined) methods.set(operation, method);
      if (why !== undefined) {
        log.warn({ service: name, operation }, `The operation ${operation} of ${wsdl} cannot be served right: ${why}.`);
      }
    }
    return contractService(
      { contract, path: pathOf(profile), methods, ...(roles && { roles }), ...(strict && { strict }) },
      limits,
    );
  };
};
