/** What is secret of a connector, taken out of what its plugin says. */
import { createRedactor } from '../../../plugin-protocol/cassette/redaction.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { hiding, hidingEnd } from '../../../plugin-protocol/secrets/forms.ts';
import { inOneSlice, Slice, type Slices } from '../../../plugin-protocol/slices.ts';
import type { Log } from '../../core/ports.ts';
import { type InstanceConfig, shareKey } from '../instance-config.ts';

export interface Discretion {
  /** Text for people. */
  text(text: string): string;
  /** Everything that such a fault says; anything else is given back as it is. */
  fault<E>(error: E): E | Fault;
  /** Data that is kept, and shown to others than who asked for it. The same value where there is nothing to be hidden. */
  data<T>(value: T): T;
  /** The same in slices, of what may have a long list. */
  dataInSlices<T>(value: T): Slices<T>;
}

/** In data a shorter one would be found in names. */
const shortestInData = 8;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isPlain = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && Object.getPrototypeOf(value) === Object.prototype;

type Change = (text: string) => string;

const isChanged = (value: unknown, change: Change): boolean => {
  if (typeof value === 'string') return change(value) !== value;
  if (Array.isArray(value)) return value.some((item) => isChanged(item, change));
  return isPlain(value) && Object.keys(value).some((name) => change(name) !== name || isChanged(value[name], change));
};

/** Lists that a value has itself are gone through in slices. */
function* isChangedInSlices(value: unknown, change: Change): Slices<boolean> {
  const slice = new Slice();
  for (const member of isPlain(value) ? [...Object.keys(value), ...Object.values(value)] : [value]) {
    for (const item of Array.isArray(member) ? member : [member]) {
      if (isChanged(item, change)) return true;
      if (slice.over()) yield* slice.pause();
    }
  }
  return false;
}

const changed = (value: unknown, change: Change): unknown => {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => changed(item, change));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [change(name), changed(member, change)]));
};

/** The same value with each text in it made anew: a copy where that makes a difference. */
const withTexts = <T>(value: T, change: Change): T =>
  isChanged(value, change) ? (changed(value, change) as T) : value;

/** Where nothing is secret. */
export const nothingHidden: Discretion = {
  text: (text) => text,
  fault: (error) => error,
  data: (value) => value,
  dataInSlices: (value) => inOneSlice(() => value),
};

type Secrets = Pick<InstanceConfig, 'hidden' | 'referred'>;

/** `configs` are those of all whose secrets the process may know. */
const discretionFor = (configs: readonly Secrets[]): Discretion => {
  const all = configs.flatMap(({ hidden = [] }) => hidden);
  if (all.length === 0) return nothingHidden;
  const { text: whole } = createRedactor(all);
  const end = hidingEnd(all);
  const text = (given: string) => end(whole(given));
  const certain = configs.flatMap(({ referred = [] }) => referred);
  const inData = hiding(certain.filter(({ length }) => length >= shortestInData));
  return {
    text,
    fault(error) {
      if (!(error instanceof Fault)) return error;
      return new Fault(error.kind, text(error.message), withTexts(error.data, text));
    },
    data: (value) => withTexts(value, inData),
    *dataInSlices(value) {
      return (yield* isChangedInSlices(value, inData)) ? withTexts(value, inData) : value;
    },
  };
};

export interface Discretions {
  /** Go on with these connectors. What was secret before is so for one more time: processes that know it may be there. */
  learn(configs: readonly InstanceConfig[]): void;
  /** For what a connector says, or another one that shares its process. */
  of(connector: string): Discretion;
  /** For what any of them says. */
  all(): Discretion;
  /** Hide these texts, too, in what the connector says to people, until some time after the returned function was called. */
  hold(connector: string, secrets: readonly string[]): () => void;
}

/** What a plugin logs of a call may be read after its answer; where there are many of them, none is held for longer. */
const heldMs = 5000;
const mostHeld = 100;

const withMore = (base: Discretion, more: readonly Discretion[]): Discretion =>
  more.length === 0
    ? base
    : {
        text: (text) => more.reduce((shown, { text: hide }) => hide(shown), base.text(text)),
        fault: (error) => more.reduce((shown, { fault }) => fault(shown) as typeof shown, base.fault(error)),
        data: base.data,
        dataInSlices: base.dataInSlices,
      };

export const createDiscretions = (): Discretions => {
  let known = new Map<string, { config: InstanceConfig; before: Secrets }>();
  let gone: Secrets[] = [];
  let each = new Map<string, Discretion>();
  let all = nothingHidden;
  const held = new Map<Discretion, string>();
  const heldOf = (connector?: string) =>
    [...held].flatMap(([discretion, id]) => (connector === undefined || id === connector ? [discretion] : []));
  const isSame = (one: Secrets, other: Secrets) => JSON.stringify(one.hidden) === JSON.stringify(other.hidden);
  return {
    learn(configs) {
      const last = known;
      known = new Map(
        configs.map((config) => {
          const had = last.get(config.id);
          const before = had && (isSame(had.config, config) ? had.before : had.config);
          return [config.id, { config, before: before ?? {} }];
        }),
      );
      gone = [...last].flatMap(([id, { config }]) => (known.has(id) ? [] : [config]));
      const sharing = Map.groupBy(known.values(), ({ config }) => shareKey(config));
      each = new Map(
        [...sharing.values()].flatMap((mates) => {
          const discretion = discretionFor(mates.flatMap(({ config, before }) => [config, before]));
          return mates.map(({ config: { id } }) => [id, discretion] as const);
        }),
      );
      all = discretionFor([...gone, ...[...known.values()].flatMap(({ config, before }) => [config, before])]);
    },
    of: (connector) => withMore(each.get(connector) ?? all, held.size === 0 ? [] : heldOf(connector)),
    all: () => withMore(all, held.size === 0 ? [] : heldOf()),
    hold(connector, secrets) {
      const discretion = discretionFor([{ hidden: secrets }]);
      held.set(discretion, connector);
      return () => {
        if (held.size > mostHeld) held.delete(discretion);
        else setTimeout(() => held.delete(discretion), heldMs).unref();
      };
    },
  };
};

/** The log without secrets, whatever stands in a line. */
export const discreetLog = (log: Log, discretion: () => Discretion): Log => {
  const clean = (fact: unknown, text: Change): unknown => {
    if (!(fact instanceof Error)) return withTexts(fact, text);
    if (!isChanged([fact.message, fact.stack ?? ''], text)) return fact;
    return Object.assign(new Error(text(fact.message)), { stack: text(fact.stack ?? '') });
  };
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (facts: object, message: string) => {
    const { text } = discretion();
    const told = Object.entries(facts).map(([name, fact]) => [name, clean(fact, text)]);
    log[level](Object.fromEntries(told), text(message));
  };
  const levels = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return { ...levels, child: (facts) => discreetLog(log.child(facts), discretion) };
};
