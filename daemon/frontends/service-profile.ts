/** The form in which a service of a plugin is served when it is not its own: from the configuration. Of XML-RPC it has the names alone. */

export interface OperationProfile {
  /** The method of the service that serves it; the one of its name when left out. */
  method?: string;
  /** SOAPAction. */
  action?: string;
  /** The names of parts that are not those of the parameters: the parameter of each. */
  parts?: Record<string, string>;
  /** The part that holds the result. */
  reply?: string;
}

export interface ServiceProfile {
  /** It is served at `/soap/<name>` and `/RPC2/<name>`. */
  name: string;
  /** The service that a plugin publishes. */
  service: string;
  /** Where else it is served, over either. */
  xmlrpcPaths?: string[];
  soapPaths?: string[];
  /** The file with the WSDL that is served as it is; what is below it does not count without it. */
  wsdl?: string;
  port?: string;
  headers?: string[];
  roles?: string[];
  strict?: boolean;
  /** Without a WSDL. */
  namespace?: string;
  typeNamespace?: string;
  style?: 'document' | 'rpc' | 'encoded';
  portType?: string;
  operations?: Record<string, OperationProfile>;
}

/** Which services there are now, in a sentence: those that plugins publish, and those of profiles whose plugin is there. */
export const servicesInWords = (
  published: ReadonlyMap<string, unknown>,
  profiles: readonly ServiceProfile[],
  addressOf: (name: string) => string,
): string => {
  const forms = profiles.filter(({ service }) => published.has(service)).map(({ name }) => name);
  const names = [...new Set([...published.keys(), ...forms])];
  return names.length === 0
    ? 'No plugin publishes one at the moment.'
    : `There are ${names.map(addressOf).join(', ')}.`;
};
