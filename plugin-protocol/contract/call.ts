/** How one call between the daemon and a plugin is described: its facts in one value. */
import { record, type Shape, type Static, type Typed } from '../shape.ts';

type Fields = Parameters<typeof record>[2];

export interface ContractCall<Params = unknown, Result = unknown> {
  name: string;
  doc: string;
  params: Typed<Params, 'record'>;
  result: Typed<Result>;
  /** Whether it changes the backend: such a call carries `ctx.key` and is settled by `find` when its outcome is unknown. */
  mutates: boolean;
  /**
   * Whether making it twice has the effect of making it once, so that it may simply be sent again after a crash.
   * A create is not; it is found by its key.
   */
  repeatable: boolean;
}

const recordName = (name: string, suffix: string) =>
  name.replace(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase()) + suffix;

/** A read: changes nothing, so it may be repeated at will. */
export const read = <const F extends Fields, R>(name: string, doc: string, params: F, result: Typed<R>) =>
  call(name, doc, params, result, { mutates: false, repeatable: true });

/** A mutation. */
export const mutation = <const F extends Fields, R>(
  name: string,
  doc: string,
  params: F,
  result: Typed<R>,
  { repeatable }: { repeatable: boolean },
) => call(name, doc, params, result, { mutates: true, repeatable });

const call = <const F extends Fields, R>(
  name: string,
  doc: string,
  params: F,
  result: Typed<R>,
  facts: { mutates: boolean; repeatable: boolean },
) => {
  const shape = record(recordName(name, 'Params'), `Parameters of ${name}.`, params);
  return { name, doc, params: shape, result, ...facts } satisfies ContractCall<Static<typeof shape>, R>;
};

export type ParamsOf<C extends { params: Shape }> = Static<C['params']>;
export type ResultOf<C extends { result: Shape }> = Static<C['result']>;
