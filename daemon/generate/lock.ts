/** The published surface of the catalogue in a stable form, and what of a change to it would break clients. */
import { type FaultRow, faults } from '../../plugin-protocol/faults.ts';
import { fieldsOf, type Shape } from '../../plugin-protocol/shape.ts';
import { type Method, type Permission, paramsOf } from '../catalogue/method.ts';
import { namedRecords } from '../catalogue/records.ts';

/** What a value may be. Only what clients depend on: no prose. */
export interface LockedType {
  kind: string;
  /** The name of the record, or the kind of resource that is referred to. */
  of?: string;
  enum?: readonly string[];
  items?: LockedType;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  maxProperties?: number;
  pattern?: string;
  default?: unknown;
}
export interface LockedField extends LockedType {
  name: string;
  required: boolean;
  emptyIsUnset?: true;
}
export interface LockedMethod {
  permission: Permission;
  params: LockedField[];
  result: LockedType;
}
export interface Lock {
  faults: Record<string, { code: number; interop?: number }>;
  records: Record<string, LockedField[]>;
  methods: Record<string, LockedMethod>;
}

const bounds = ['minimum', 'minLength', 'maximum', 'maxLength', 'maxItems', 'maxProperties'] as const;
const kept = ['enum', ...bounds, 'pattern', 'default'] as const;

const lockType = (shape: Shape): LockedType => {
  const facts: Record<string, unknown> = { ...shape };
  const of = shape['x-kind'] === 'record' ? shape['x-name'] : facts['x-ref'];
  return {
    kind: shape['x-kind'],
    ...(of === undefined ? {} : { of: of as string }),
    ...Object.fromEntries(kept.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]]))),
    ...(shape['x-kind'] === 'list' ? { items: lockType(shape.items) } : {}),
  };
};
const lockFields = (fields: ReturnType<typeof fieldsOf>): LockedField[] =>
  fields.map(([name, shape, required]) => ({
    name,
    required,
    ...(shape['x-empty-is-unset'] && { emptyIsUnset: true }),
    ...lockType(shape),
  }));

const sorted = <T>(entries: Iterable<[string, T]>): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

type LockedFacts = Pick<Method, 'name' | 'params' | 'result' | 'permission'>;

export const lockOf = (methods: Iterable<LockedFacts>, rows: Record<string, FaultRow> = faults): Lock => {
  const all = [...methods];
  return {
    faults: sorted(
      Object.entries(rows).map(([kind, { code, interop }]) => [
        kind,
        { code, ...(interop === undefined ? {} : { interop }) },
      ]),
    ),
    records: sorted([...namedRecords(all)].map(([name, record]) => [name, lockFields(fieldsOf(record))])),
    methods: sorted(
      all.map((method) => [
        method.name,
        {
          permission: method.permission,
          params: lockFields(paramsOf(method)),
          result: lockType(method.result),
        },
      ]),
    ),
  };
};

const words = ({ kind, of }: LockedType) => (of === undefined ? kind : `${kind} ${of}`);
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function* brokenType(where: string, before: LockedType, now: LockedType): Generator<string> {
  if (before.kind !== now.kind || before.of !== now.of) {
    yield `${where} was ${words(before)} and is ${words(now)}.`;
    return;
  }
  const lost = (before.enum ?? []).filter((word) => !now.enum?.includes(word));
  if (lost.length > 0) yield `${where} can no longer be ${lost.join(', ')}.`;
  for (const bound of bounds) {
    const [old, current] = [before[bound], now[bound]];
    if (current === undefined || old === current) continue;
    const narrower = old === undefined || (bound.startsWith('min') ? current > old : current < old);
    if (narrower) yield `${where} is narrowed: ${bound} was ${old ?? 'not set'} and is ${current}.`;
  }
  if (now.pattern !== undefined && before.pattern !== now.pattern) yield `${where} must match another pattern.`;
  if (!same(before.default, now.default)) {
    yield `The default of ${where} was ${JSON.stringify(before.default) ?? 'not set'} and is ${JSON.stringify(now.default) ?? 'not set'}.`;
  }
  if (before.items && now.items)
    yield* brokenType(`An item of ${where.replace(/^The/, 'the')}`, before.items, now.items);
}

function* brokenFields(of: string, before: LockedField[], now: LockedField[]): Generator<string> {
  for (const [at, field] of before.entries()) {
    const where = `${of}.${field.name}`;
    const found = now.findIndex(({ name }) => name === field.name);
    if (found < 0) {
      yield `${where} is gone.`;
      continue;
    }
    if (found !== at) yield `${where} has moved from place ${at + 1} to ${found + 1}.`;
    const current = now[found] as LockedField;
    if (current.required !== field.required) yield `${where} is ${current.required ? 'now' : 'no longer'} required.`;
    if (field.emptyIsUnset && !current.emptyIsUnset) yield `${where} is no longer left out by being empty.`;
    yield* brokenType(where, field, current);
  }
}

const rank: readonly Permission[] = ['public', 'read', 'operate', 'admin'];

function* brokenMethod(name: string, before: LockedMethod, now: LockedMethod | undefined): Generator<string> {
  if (now === undefined) {
    yield `The method ${name} is gone.`;
    return;
  }
  if (rank.indexOf(now.permission) > rank.indexOf(before.permission)) {
    yield `${name} needed the permission ${before.permission} and needs ${now.permission}.`;
  }
  yield* brokenFields(name, before.params, now.params);
  const known = new Set(before.params.map((param) => param.name));
  for (const param of now.params) {
    if (param.required && !known.has(param.name)) yield `${name}.${param.name} is new and required.`;
  }
  yield* brokenType(`The result of ${name}`, before.result, now.result);
}

/**
 * What would break clients of the published surface, one sentence each. New methods, types and faults, new optional
 * parameters at the end, further words of an enum and wider bounds break nothing; a published record is frozen.
 */
export function* incompatibilities(before: Lock, now: Lock): Generator<string> {
  for (const [kind, row] of Object.entries(before.faults)) {
    const current = now.faults[kind];
    if (current === undefined) yield `The fault ${kind} is gone.`;
    else if (!same(row, current)) yield `The fault ${kind} has another code.`;
  }
  for (const [name, fields] of Object.entries(before.records)) {
    const current = now.records[name];
    if (current === undefined) {
      yield `The type ${name} is gone.`;
      continue;
    }
    yield* brokenFields(name, fields, current);
    const known = new Set(fields.map((field) => field.name));
    for (const field of current) {
      if (!known.has(field.name)) yield `${name}.${field.name} is new, and ${name} is published: make a new type.`;
    }
  }
  for (const [name, method] of Object.entries(before.methods)) yield* brokenMethod(name, method, now.methods[name]);
}
