/** Services of plugins in the forms that the configuration has for them. */
import { fieldsOf } from '../../../../plugin-protocol/shape.ts';
import type { Method } from '../../../catalogue/index.ts';
import type { PublishedService } from '../../../catalogue/published.ts';
import type { FrontendContext } from '../../frontend.ts';
import type { OperationProfile, ServiceProfile } from '../../service-profile.ts';
import {
  operationFrom,
  publishedService,
  type Service,
  type ServiceOperation,
  wsdlNamesFor,
} from '../service/service.ts';

/** A profile that names what its service does not have. */
class ProfileError extends Error {}

export const pathOf = ({ name }: ServiceProfile): string => `/soap/${name}`;

/** The parts of a call: the parameters in their order, some under other names. */
const partsFor = (method: Method, parts: Record<string, string>): ServiceOperation['request'] => {
  const names = new Map(Object.entries(parts).map(([part, param]) => [param, part]));
  const fields = fieldsOf(method.params);
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

/** The form of a service that a profile gives it. Rejects or throws with a `ProfileError`, or a `ContractError`. */
export const compileProfile = (
  profile: ServiceProfile,
  context: FrontendContext,
): ((published: PublishedService) => Service | Promise<Service>) => {
  const { wsdl } = profile;
  if (wsdl === undefined) return (published) => fromSettings(published, profile);
  let form: Promise<(published: PublishedService) => Service> | undefined;
  // Only who has a contract waits for what reads it to be loaded, and that not at the start.
  return async (published) => {
    form ??= import('./contract-profile.ts').then(({ contractForm }) => contractForm({ ...profile, wsdl }, context));
    return (await form)(published);
  };
};
