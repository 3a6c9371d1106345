/** In which of the dialects of XML-RPC a reply is written: as the endpoint asked for, and as the request was itself. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { type Dialect, switches } from '../xmlrpc-switches.ts';

export type { Dialect } from '../xmlrpc-switches.ts';

/** What a request has shown that its client can read. */
export type Shown = { -readonly [S in 'nil' | 'long' | 'time']?: Dialect[S] };

/** What the address of an endpoint asks for, and the dialect that this makes. */
export interface Endpoint {
  asked: Partial<Dialect>;
  dialect: Dialect;
}

const names = Object.keys(switches) as (keyof Dialect)[];
const settingsOf = (name: keyof Dialect): string[] => Object.keys(switches[name].settings);

// One object for each dialect, so that what is compiled for it is found by identity.
const interned = new Map<string, Dialect>();
const intern = (dialect: Dialect): Dialect => {
  const key = names.map((name) => dialect[name]).join(' ');
  const known = interned.get(key);
  if (known !== undefined) return known;
  interned.set(key, dialect);
  return dialect;
};

export const plain: Dialect = intern(Object.fromEntries(names.map((name) => [name, settingsOf(name)[0]])) as Dialect);

const askingNothing: Endpoint = { asked: {}, dialect: plain };

/**
 * What an endpoint asks for: `/RPC2?nil=nil&text=bmp`, or `/RPC2/nil=nil&text=bmp` for clients that drop a
 * query. Other parameters are none of ours. Throws `Fault('invalid-request')` for a setting that there is not.
 */
export const endpointOf = (path: string, query: string): Endpoint => {
  const asked = path.includes('=') ? `${path.split('/').findLast(Boolean)}&${query}` : query;
  if (asked === '') return askingNothing;
  const given = new URLSearchParams(asked);
  const chosen: Partial<Record<keyof Dialect, string>> = {};
  for (const name of names) {
    const setting = given.get(name);
    if (setting === null) continue;
    if (!Object.hasOwn(switches[name].settings, setting)) {
      const known = settingsOf(name).join(', ');
      throw new Fault('invalid-request', `The endpoint asks for ${name}=${setting}; there are ${known}.`);
    }
    chosen[name] = setting;
  }
  return { asked: chosen as Partial<Dialect>, dialect: intern({ ...plain, ...chosen } as Dialect) };
};

/** The dialect for a request that has shown more of what its client can read. */
export const withShown = (dialect: Dialect, shown: Shown): Dialect =>
  shown.nil === undefined && shown.long === undefined && shown.time === undefined
    ? dialect
    : intern({ ...dialect, ...shown });

/** Whether a reply can hold elements of the Apache extensions, whose prefix is then declared. */
export const isExtended = ({ nil, long, time }: Dialect): boolean =>
  nil === 'ex:nil' || long === 'ex:i8' || time === 'ex:dateTime';
