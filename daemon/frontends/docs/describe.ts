/** The facts of the catalogue in words, for the web pages and for the Markdown reference. */
import { type FaultKind, faults } from '../../../plugin-protocol/faults.ts';
import type { Shape } from '../../../plugin-protocol/shape.ts';
import { commonFaults, type Method, nounDocs, type Permission } from '../../catalogue/index.ts';
import { recordWithin } from '../../catalogue/records.ts';
import type { Api } from '../../core/api.ts';

export const permissions: Record<Permission, string> = {
  public: 'Anyone, without credentials.',
  read: 'Every user; what belongs to other accounts is `not-found`.',
  operate: 'The roles `user` and `admin`.',
  admin: 'The role `admin`.',
};

/** A type in words; `record` is the named type that it leads to. */
export const typeOf = (shape: Shape): { words: string; record: string | undefined } => {
  const record = recordWithin(shape)?.['x-name'];
  switch (shape['x-kind']) {
    case 'list':
      return { words: `list of ${typeOf(shape.items).words}`, record };
    case 'record':
      return { words: shape['x-name'], record };
    case 'map':
      return { words: 'map of strings', record };
    case 'any':
      return { words: 'any value', record };
    case 'ref':
      return { words: `id or name of ${shape['x-ref']}`, record };
    default:
      return { words: shape['x-kind'], record };
  }
};

const int32 = { minimum: -2147483648, maximum: 2147483647 };
/** Long numbers in groups of three, with spaces that do not break. */
const count = (value: number) =>
  Math.abs(value) < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, '\u00a0');

const range = (minimum: number | undefined, maximum: number | undefined): string => {
  const low = minimum === undefined || minimum === int32.minimum ? undefined : count(minimum);
  const high = maximum === undefined || maximum === int32.maximum ? undefined : count(maximum);
  if (low !== undefined && high !== undefined) return `${low} to ${high}`;
  if (low !== undefined) return `${low} or more`;
  return high === undefined ? '' : `up to ${high}`;
};

/** The bounds of a value in words; code stands between backticks; empty when there is nothing to say. */
export const boundsOf = (shape: Shape): string =>
  [kindBoundsOf(shape), shape['x-empty-is-unset'] ? 'empty counts as left out' : ''].filter(Boolean).join('; ');

const kindBoundsOf = (shape: Shape): string => {
  switch (shape['x-kind']) {
    case 'int':
    case 'number':
      return range(shape.minimum, shape.maximum);
    case 'string': {
      const length = `${shape.minLength ? `${range(shape.minLength, shape.maxLength)}` : range(undefined, shape.maxLength)} characters`;
      return shape.pattern === undefined ? length : `${length}, as \`${shape.pattern}\``;
    }
    case 'enum':
      return shape.enum.map((word) => `\`${word}\``).join(', ');
    case 'list':
      return `${range(undefined, shape.maxItems)} items`;
    case 'map':
      return `${range(undefined, shape.maxProperties)} members`;
    case 'counter':
      return '64 bits, as a decimal string';
    case 'time':
      return 'RFC 3339, UTC';
    case 'bytes':
      return 'base64';
    case 'any':
      return 'JSON; `$time`, `$bytes` and `$counter` stand for what it has no type for';
    default:
      return '';
  }
};

/** The default as JSON; undefined when there is none. */
export const defaultOf = ({ default: value }: Shape): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);

/** The faults of a method: its own, then those of every method. */
export const faultsOf = ({ faults: own }: Method): FaultKind[] => [...new Set([...own, ...commonFaults])];

/** The number of a fault on XML-RPC and JSON-RPC, and elsewhere. */
export const faultCodes = (kind: FaultKind): { wire: number; code: number; retry: boolean; doc: string } => {
  const row: { code: number; interop?: number; retry: boolean; doc: string } = faults[kind];
  return { wire: row.interop ?? row.code, code: row.code, retry: row.retry, doc: row.doc };
};

export interface Group {
  noun: string;
  doc: string;
  methods: Method[];
}

/** Methods by their noun, in the order of the catalogue; nouns that plugins publish come last. */
export const groupsOf = (methods: Iterable<Method>, services: Api['services'] = new Map()): Group[] => {
  const groups = new Map<string, Group>();
  const docs: Record<string, string> = nounDocs;
  for (const method of methods) {
    const noun = method.name.slice(0, method.name.lastIndexOf('.'));
    const group = groups.get(noun) ?? {
      noun,
      doc: (Object.hasOwn(docs, noun) ? docs[noun] : services.get(noun)?.doc) ?? '',
      methods: [],
    };
    group.methods.push(method);
    groups.set(noun, group);
  }
  return [...groups.values()];
};

/** A sentence that is longer than that is cut: it stands in the index on every page. */
const longestSentence = 300;

export const firstSentence = (doc: string): string => {
  const sentence = /^.*?[.!?](?=\s|$)/s.exec(doc)?.[0] ?? doc;
  return sentence.length > longestSentence ? `${sentence.slice(0, longestSentence)}…` : sentence;
};
