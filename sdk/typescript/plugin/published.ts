/** Methods of a plugin's own, typed by their shapes: callers of the daemon see them beside the catalogue. */
import type { PublishedInterface } from '../../../plugin-protocol/contract/published.ts';
import { record, type Static, type Typed } from '../../../plugin-protocol/shape.ts';
import type { CallContext } from './calls.ts';

type Fields = Parameters<typeof record>[2];
type ParamsOf<F extends Fields> = Static<ReturnType<typeof record<F>>>;

export interface PublishedCall {
  described: Omit<PublishedInterface['methods'][number], 'name'>;
  call: (params: object, context: CallContext) => unknown;
}

export interface PublishedFacts<F extends Fields, R> {
  /** What it does, for users. */
  doc: string;
  /** The parameters in their order: `{ name: shapes.string('Whose.') }`. */
  params: F;
  result: Typed<R>;
  /** What the result means, for users. */
  returns?: string;
  /** Whether it changes something; true when left out. Without, a call may be cancelled when its caller has gone. */
  changes?: boolean;
  /** Who may call it; `operate` when it changes something, else `read`. */
  permission?: 'public' | 'read' | 'operate' | 'admin';
  /** A call for the documentation; one is made up when left out. */
  example?: { params: ParamsOf<F>; result: R };
  call: (params: ParamsOf<F>, context: CallContext) => R | Promise<R>;
}

/** A method for `publish`. Its parameters have been checked when it is called, and defaults filled in. */
export const published = <const F extends Fields, R>({
  call,
  params,
  ...facts
}: PublishedFacts<F, R>): PublishedCall => ({
  described: { ...facts, params: record('Params', '', params) } as unknown as PublishedCall['described'],
  call: call as PublishedCall['call'],
});

/** A service for `ServeOptions.publishes`. */
export interface PublishedTable {
  described: PublishedInterface;
  calls: ReadonlyMap<string, PublishedCall['call']>;
}

/** Publish methods as `<service>.<name>`. `doc` says to users what the service is. */
export const publish = (service: string, doc: string, methods: Record<string, PublishedCall>): PublishedTable => {
  const entries = Object.entries(methods);
  return {
    described: { service, doc, methods: entries.map(([name, { described }]) => ({ name, ...described })) },
    calls: new Map(entries.map(([name, { call }]) => [`${service}.${name}`, call])),
  };
};
