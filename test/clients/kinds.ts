/**
 * The methods that carry every kind of value both ways, which the catalogue of a cloud has no reason to do: each echoes
 * its one parameter, and one fails as it is told to. Served over HTTP by the frontends themselves.
 */
import { method } from '../../daemon/catalogue/method.ts';
import type { Api } from '../../daemon/core/api.ts';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { xmlrpc } from '../../daemon/frontends/xmlrpc/index.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { createHttpServer } from '../../daemon/wire/http.ts';
import { compileCheck } from '../../plugin-protocol/check/compile.ts';
import { Fault, type FaultKind, faults } from '../../plugin-protocol/faults.ts';
import {
  any,
  bool,
  bytes,
  counter,
  int,
  type Kind,
  list,
  map,
  number,
  oneOf,
  optional,
  record,
  ref,
  string,
  type Typed,
  time,
} from '../../plugin-protocol/shape.ts';
import { fakeContext } from '../frontends/fake-api.ts';

const words = ['cold', 'luke-warm', 'hot'] as const;
const Part = record('Part', 'A record in a list.', { name: string('Text.'), size: int('A number.') });
const Everything = record('Everything', 'A value of every kind.', {
  name: string('The only one that must be there.'),
  flag: optional(bool('A bool.')),
  int: optional(int('An int.')),
  counter: optional(counter('A counter.')),
  number: optional(number('A number.')),
  word: optional(oneOf(words, 'An enum.')),
  time: optional(time('A time.')),
  bytes: optional(bytes('Bytes.')),
  ref: optional(ref('vm', 'A ref.')),
  list: optional(list(string('Text.'), 'A list.')),
  parts: optional(list(Part, 'A list of records.')),
  part: optional(Part),
  map: optional(map('A map.')),
});

/** One row a kind: its shape, and the values that go there and back, by what is special about them. */
export const kindCases: { [K in Kind]: { shape: Typed<unknown>; values: Record<string, unknown> } } = {
  bool: { shape: bool('It.'), values: { true: true, false: false } },
  int: { shape: int('It.'), values: { zero: 0, lowest: -2147483648, highest: 2147483647 } },
  counter: {
    shape: counter('It.'),
    values: {
      small: '42',
      'beyond a double': '9007199254740993',
      lowest: '-9223372036854775808',
      highest: '9223372036854775807',
    },
  },
  number: {
    shape: number('It.'),
    values: { whole: 3, negative: -0.25, '17 digits': 0.1 + 0.2, tiny: 1.5e-7, huge: 1.7e300 },
  },
  string: {
    shape: string('It.'),
    values: {
      plain: 'web1',
      empty: '',
      markup: '<a href="x">&amp;</a> ]]>',
      Unicode: 'Zürich, 東京',
      astral: 'worm 🪱 𝒜',
      'white space': ' \t two\n lines ',
      'carriage returns': 'a\r\nb\rc',
      'digits alone': '0123',
    },
  },
  enum: { shape: oneOf(words, 'It.'), values: { word: 'luke-warm' } },
  time: {
    shape: time('It.'),
    values: {
      noon: '2026-01-31T12:00:00.000Z',
      'leap day': '2024-02-29T23:59:59.000Z',
      'before 1970': '1969-07-20T20:17:40.000Z',
      milliseconds: '2026-01-31T12:00:00.123Z',
    },
  },
  bytes: {
    shape: bytes('It.'),
    values: {
      text: 'bG9naW46IA==',
      'every byte': Buffer.from(Array.from({ length: 256 }, (_, at) => at)).toString('base64'),
      none: '',
    },
  },
  ref: { shape: ref('vm', 'It.'), values: { name: 'Büro 1' } },
  any: {
    shape: any('It.'),
    values: { text: 'Zoë', 'a number': 5, 'a fraction': 2.5, truth: true, list: ['a', 'b'], map: { a: 'b', c: 'd' } },
  },
  list: { shape: list(string('Text.'), 'It.'), values: { two: ['one', 'zwei'], one: ['one'], none: [] } },
  record: {
    shape: Everything,
    values: {
      full: {
        name: 'all',
        flag: true,
        int: -1,
        counter: '9007199254740993',
        number: 2.5,
        word: 'hot',
        time: '2026-01-31T12:00:00.000Z',
        bytes: 'AAEC/w==',
        ref: 'web1',
        list: ['a', 'b'],
        parts: [
          { name: 'p', size: 1 },
          { name: 'q', size: 2 },
        ],
        part: { name: 'r', size: 3 },
        map: { tier: 'front', owner: 'Zoë' },
      },
      'only what must be': { name: 'least' },
    },
  },
  map: {
    shape: map('It.'),
    values: {
      some: { tier: 'front', owner: 'Zoë' },
      none: {},
      'odd names': JSON.parse('{"__proto__":"1","constructor":"2","":"3","a b":"4","<&>\\"":"5","ä":"6","7":"seven"}'),
    },
  },
};

export const failing = method('echo.fault', {
  since: '0.1.0',
  doc: 'Fail.',
  params: { kind: oneOf(Object.keys(faults) as FaultKind[], 'How.'), message: string('Why.') },
  result: bool('Never.'),
  returns: 'Nothing: it fails.',
  permission: 'public',
  example: { params: { kind: 'conflict', message: 'Why' }, result: true },
});
const echoing = (Object.entries(kindCases) as [Kind, (typeof kindCases)[Kind]][]).map(([kind, { shape, values }]) => {
  const value = Object.values(values)[0];
  return method(`echo.${kind}`, {
    since: '0.1.0',
    doc: 'Answer what is given.',
    params: { value: shape },
    result: shape,
    returns: 'The same.',
    permission: 'public',
    example: { params: { value }, result: value },
  });
});
export const kindMethods: Api['methods'] = new Map([...echoing, failing].map((one) => [one.name, one]));

const echo: Api = {
  methods: kindMethods,
  services: new Map(),
  async call(of, raw) {
    const params = compileCheck(of.params)(raw) as Record<string, unknown>;
    if (of.name === failing.name) throw new Fault(params.kind as FaultKind, params.message as string);
    return params.value;
  },
  refused: () => undefined,
};

/** Serves them on a port of its own. */
export const serveKinds = async (): Promise<{ url: string; close: () => Promise<void> }> => {
  let url = '';
  const context = { ...fakeContext(echo), publicUrl: () => url };
  const routes = [xmlrpc, soap].flatMap((frontend) => frontend.routes(context));
  const server = createHttpServer({ routes, limits: defaultLimits.http, log: context.log });
  const { host, port } = await server.listen('127.0.0.1', 0);
  url = `http://${host}:${port}`;
  return { url, close: () => server.close() };
};
