/**
 * What of a failure is told to whom. Why a backend cannot be reached names hosts, paths and addresses of the operator's
 * infrastructure: administrators read it, others only that it is so.
 */
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Principal } from './api.ts';

const unreachable = 'The backend cannot be reached at the moment.';

/** Faults that the core itself has worded: they name nothing that the caller does not know. */
const worded = new WeakSet<Fault>();

/** An `unavailable` fault that everybody may read. */
export const unavailable = (message: string, data: Fault['data'] = {}): Fault => {
  const fault = new Fault('unavailable', message, data);
  worded.add(fault);
  return fault;
};

const readsAll = (reader: Principal | undefined): boolean => reader?.role === 'admin';

/** The fault as the caller may read it. */
export const faultFor = (reader: Principal | undefined, fault: Fault): Fault => {
  if (fault.kind !== 'unavailable' || readsAll(reader) || worded.has(fault)) return fault;
  const { hint: _, provider: __, ...data } = fault.data;
  return new Fault('unavailable', unreachable, data);
};

/** A message about a connector as the caller may read it. */
export const messageFor = (reader: Principal | undefined, message: string | undefined): string | undefined =>
  message === undefined || readsAll(reader) ? message : unreachable;
