/** The configuration of this plugin, checked once when it comes in. */
import { endpointOf } from '../../daemon/frontends/xmlrpc/dialect.ts';
import { type Dialect, switches } from '../../daemon/frontends/xmlrpc-switches.ts';
import { type BridgeSettings, bridgeFields, bridgeSettings, httpUrl } from '../../sdk/typescript/bridge/settings.ts';
import { compileCheck, int, oneOf, optional, record, type Static, string } from '../../sdk/typescript/plugin/config.ts';

const settingsOf = <S extends Record<string, string>>({ settings }: { settings: S }) =>
  Object.keys(settings) as (keyof S & string)[];

export const Config = record('XmlrpcConfig', 'An existing XML-RPC server.', {
  url: string('Where the server is called, as http://10.0.0.7:8000/RPC2.', { maxLength: 4096 }),
  ...bridgeFields,
  nil: optional(
    oneOf(['nil', 'ex:nil'], 'How nothing is written where it cannot be left out.', { default: 'nil' as const }),
  ),
  long: optional(
    oneOf(settingsOf(switches.long), 'How integers beyond 32 bits are written.', { default: 'i8' as const }),
  ),
  time: optional(
    oneOf(settingsOf(switches.time), 'How moments are written.', { default: 'dateTime.iso8601' as const }),
  ),
  text: optional(oneOf(settingsOf(switches.text), 'How text beyond ASCII is written.', { default: 'all' as const })),
  arguments: optional(
    int('How many parameters a method takes of which nothing is known.', { minimum: 1, maximum: 64, default: 8 }),
  ),
});

export interface Settings extends BridgeSettings {
  url: URL;
  dialect: Dialect;
  /** How many parameters a method takes of which nothing is known. */
  arguments: number;
}

const check = compileCheck(Config);

/** Throws `invalid-params` naming the field. */
export const settingsFrom = (config: Record<string, unknown>, instance: string): Settings => {
  const given = check(config, '/config') as Static<typeof Config>;
  const { nil = 'nil', long = 'i8', time, text } = given;
  const switches = new URLSearchParams({ nil, long, ...(time && { time }), ...(text && { text }) });
  return {
    ...bridgeSettings(given, instance),
    url: httpUrl(given.url, '/config/url'),
    dialect: endpointOf('', switches.toString()).dialect,
    arguments: given.arguments ?? 8,
  };
};
