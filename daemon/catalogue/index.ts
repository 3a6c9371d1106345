/** The catalogue: every public method once. */
import { connectorMethods, hostMethods, imageMethods, networkMethods, volumeMethods } from './infrastructure.ts';
import { lowerCamel, type Method } from './method.ts';
import { sessionMethods, systemMethods } from './system.ts';
import { usageMethods } from './usage.ts';
import { vmMethods } from './vm.ts';
import { eventMethods, operationMethods } from './work.ts';

export const nouns = {
  system: systemMethods,
  session: sessionMethods,
  vm: vmMethods,
  host: hostMethods,
  image: imageMethods,
  network: networkMethods,
  volume: volumeMethods,
  connector: connectorMethods,
  operation: operationMethods,
  event: eventMethods,
  usage: usageMethods,
};

/** What each noun is, for the reference and the command line. */
export const nounDocs: Record<keyof typeof nouns, string> = {
  system: 'The daemon itself, and introspection.',
  session: 'Logging in and out.',
  vm: 'Virtual machines.',
  host: 'The machines that virtual machines run on.',
  image: 'What machines are made from.',
  network: 'Networks that machines can be connected to.',
  volume: 'Disks on the backends.',
  connector: 'The configured backends.',
  operation: 'Changes under way, and those that have ended.',
  event: 'What happened.',
  usage: 'What machines have used.',
};

/** The version of the catalogue: its major version is part of the XML namespace `urn:annelid:1`. */
export const apiVersion = '1';

/** Where SOAP has a service, and the namespace of its elements: the catalogue, or the methods of a plugin. */
export const soapService = (service: string | undefined): { path: string; namespace: string } =>
  service === undefined
    ? { path: '/soap', namespace: `urn:annelid:${apiVersion}` }
    : { path: `/soap/${service}`, namespace: `urn:annelid:${service}` };

/** The name of a method in its service of SOAP. */
export const soapOperation = ({ name, service }: Method): string =>
  service === undefined ? lowerCamel(name) : name.slice(service.length + 1);

export const methods: ReadonlyMap<string, Method> = new Map(
  Object.values(nouns)
    .flatMap((group) => Object.values(group))
    .map((method) => [method.name, method]),
);

export * from './method.ts';
