/** An `Api` without a core behind it: answers what it is told to, and remembers what it was asked. */

import { type Method, method, methods } from '../../daemon/catalogue/index.ts';
import type { Api, CallRequest } from '../../daemon/core/api.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import {
  bool,
  bytes,
  counter,
  int,
  list,
  map,
  number,
  oneOf,
  optional,
  record,
  ref,
  string,
  time,
} from '../../plugin-protocol/shape.ts';

const longText = { maxLength: 10_000_000 };

const Inner = record('Inner', 'A record within another.', {
  name: string('Text.', longText),
  size: optional(int('A size.')),
});

/** Every kind once, all of them optional. */
const everyKind = {
  bool: optional(bool('True or false.')),
  int: optional(int('An int.')),
  counter: optional(counter('A counter.')),
  number: optional(number('A double.')),
  string: optional(string('Text.', longText)),
  enum: optional(oneOf(['red', 'green'], 'A word.')),
  time: optional(time('A moment.')),
  bytes: optional(bytes('Bytes.')),
  ref: optional(ref('vm', 'A machine.')),
  list: optional(list(int('An int.'), 'Ints.')),
  record: optional(Inner),
  records: optional(list(Inner, 'Records.')),
  map: optional(map('Labels.')),
};

/** A method whose result is its parameters. */
export const echo = method('test.echo', {
  since: '0.1.0',
  doc: 'Answers what it is given.',
  params: everyKind,
  result: record('Echo', 'What was given.', everyKind),
  returns: 'The same.',
  permission: 'public',
  example: { params: {}, result: {} },
});

/** A method whose first parameter is a record. */
export const store = method('test.store', {
  since: '0.1.0',
  doc: 'Takes a record.',
  params: { inner: Inner, note: optional(string('Text.')) },
  result: Inner,
  returns: 'The record.',
  permission: 'public',
  example: { params: { inner: { name: 'a' } }, result: { name: 'a' } },
});

export interface Asked {
  method: string;
  params: Record<string, unknown>;
  request: CallRequest;
}

export type Answer = (params: Record<string, unknown>, request: CallRequest) => unknown;

export class ApiDouble implements Api {
  readonly services = new Map();
  readonly methods: ReadonlyMap<string, Method> = new Map([...methods, [echo.name, echo], [store.name, store]]);
  readonly asked: Asked[] = [];
  readonly refusals: string[] = [];
  /** By method; a method without one answers the result of its example. */
  readonly answers: Map<string, Answer>;

  constructor(answers: Record<string, Answer> = {}) {
    this.answers = new Map<string, Answer>([
      ['test.echo', (params) => params],
      ['test.store', (params) => params.inner],
      ['system.listMethods', () => [...this.methods.keys()].sort()],
      ...Object.entries(answers),
    ]);
  }

  async call(of: Method, params: Record<string, unknown>, request: CallRequest): Promise<unknown> {
    this.asked.push({ method: of.name, params, request });
    const answer = this.answers.get(of.name);
    return answer === undefined ? of.example.result : answer(params, request);
  }

  refused(frontend: string, kind: string): void {
    this.refusals.push(`${frontend} ${kind}`);
  }
}

/** An answer that is a fault. */
export const failing =
  (...fault: ConstructorParameters<typeof Fault>): Answer =>
  () => {
    throw new Fault(...fault);
  };
