/** The configuration of this plugin, checked once when it comes in. */
import { isAbsolute } from 'node:path';
import { type BridgeSettings, bridgeFields, bridgeSettings, httpUrl } from '../../sdk/typescript/bridge/settings.ts';
import { compileCheck, list, optional, record, type Static, string } from '../../sdk/typescript/plugin/config.ts';
import { Fault } from '../../sdk/typescript/plugin/index.ts';

export const Config = record('SoapConfig', 'An existing SOAP server.', {
  wsdl: string('The WSDL of the server: its URL, or the absolute path of a file.', { minLength: 1, maxLength: 4096 }),
  url: optional(string('Where the server is called; as its WSDL says when left out.', { maxLength: 4096 })),
  ...bridgeFields,
  hosts: optional(
    list(
      string('A host, with its port where it is not that of the protocol.', { minLength: 1, maxLength: 256 }),
      'Other hosts that the WSDL may refer to.',
      {
        maxItems: 100,
        default: [],
      },
    ),
  ),
  wsdlService: optional(string('The `service` of the WSDL that is meant, when it has several.', { maxLength: 256 })),
  port: optional(
    string('The `port` of the WSDL that is meant; the first that is bound to SOAP when left out.', { maxLength: 256 }),
  ),
});

export interface Settings extends BridgeSettings {
  /** A URL, or the path of a file. */
  wsdl: URL | string;
  url: URL | undefined;
  /** Hosts that the WSDL may refer to beside its own. */
  hosts: ReadonlySet<string>;
  wsdlService: string | undefined;
  port: string | undefined;
}

const check = compileCheck(Config);

const wsdlFrom = (given: string): URL | string => {
  if (/^https?:/i.test(given)) return httpUrl(given, '/config/wsdl');
  if (isAbsolute(given)) return given;
  throw new Fault(
    'invalid-params',
    '/config/wsdl must be a URL that begins with http:// or https://, or an absolute path.',
    {
      field: '/config/wsdl',
    },
  );
};

/** Throws `invalid-params` naming the field. */
export const settingsFrom = (config: Record<string, unknown>, instance: string): Settings => {
  const given = check(config, '/config') as Static<typeof Config>;
  return {
    ...bridgeSettings(given, instance),
    wsdl: wsdlFrom(given.wsdl),
    url: given.url === undefined ? undefined : httpUrl(given.url, '/config/url'),
    hosts: new Set(given.hosts),
    wsdlService: given.wsdlService,
    port: given.port,
  };
};
