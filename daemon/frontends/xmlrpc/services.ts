/**
 * Services of plugins at endpoints of their own, below `/RPC2`: their methods have the names there that clients of an existing
 * contract call, also such as have no namespace or one of several parts.
 */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { shortened } from '../../../plugin-protocol/text/shortened.ts';
import type { Method } from '../../catalogue/method.ts';
import type { PublishedService } from '../../catalogue/published.ts';
import { systemMethods } from '../../catalogue/system.ts';
import type { FrontendContext } from '../frontend.ts';
import { type ServiceProfile, servicesInWords } from '../service-profile.ts';
import type { Offered } from './callables.ts';
import { switchable } from './names.ts';

const below = `${switchable}/`;

/** What stands for a service in the path of an endpoint, before switches; undefined where nothing does. */
const serviceIn = (path: string): string | undefined => {
  if (path.length <= below.length || !path.startsWith(below)) return undefined;
  const parts = path.slice(below.length).split('/').filter(Boolean);
  if (parts.at(-1)?.includes('=')) parts.pop();
  return parts.length === 0 ? undefined : parts.join('/');
};

const introspection: Offered = new Map(Object.values(systemMethods).map((method: Method) => [method.name, method]));

/**
 * The methods of a service under its own names, or under those that a profile lists; beside a WSDL the others keep theirs. Says
 * of each that is listed and not there that it is `missing`.
 */
const namesIn = (
  { methods }: PublishedService,
  { operations, wsdl }: Partial<ServiceProfile>,
  missing: (name: string, method: string) => void,
): Offered => {
  const listed = Object.entries(operations ?? {}).flatMap(([name, { method = name }]): [string, Method][] => {
    const of = methods.get(method);
    if (of === undefined) missing(name, method);
    return of === undefined ? [] : [[name, of]];
  });
  const others = operations === undefined || wsdl !== undefined ? methods : [];
  return new Map([...introspection, ...others, ...listed]);
};

/**
 * Finds what `compile` made of what the service at a path offers now, under the names of its profile when there is one.
 * Undefined for a path that means no service. Throws `Fault('unknown-method')` where there is none of that name, and
 * `Fault('unavailable')` when the plugin of a profile is not there.
 */
export const servicesOf = <C>(
  { api, log, profiles = [] }: FrontendContext,
  compile: (offered: Offered) => C,
): ((path: string) => C | undefined) => {
  const forms = new Map(profiles.map((profile) => [profile.name, profile]));
  const made = new Map<string, { service: PublishedService; compiled: C }>();
  const none = (name: string): Fault => {
    const known = servicesInWords(api.services, profiles, (one) => below + one);
    const words = `There is no service at ${below}${shortened(name)}. ${known}`;
    return new Fault('unknown-method', `${words} The methods of the daemon are at ${switchable}.`);
  };
  return (path) => {
    const name = serviceIn(path);
    if (name === undefined) return undefined;
    const form = forms.get(name);
    const service = api.services.get(form?.service ?? name);
    if (service === undefined) {
      made.delete(name);
      if (form === undefined) throw none(name);
      throw new Fault('unavailable', `The service ${name} is not there: no plugin publishes ${form.service} now.`);
    }
    const known = made.get(name);
    if (known?.service === service) return known.compiled;
    const offered = namesIn(service, form ?? {}, (listed, method) =>
      log.warn(
        { service: name },
        `${listed} cannot be called at ${below}${name}: ${service.name} has no method ${method}.`,
      ),
    );
    const compiled = compile(offered);
    made.set(name, { service, compiled });
    return compiled;
  };
};
