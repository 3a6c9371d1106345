import { expect } from 'chai';
import { Fault, type FaultData, type FaultKind } from '../../../plugin-protocol/faults.ts';

/** The fault that a call ends with; fails when it succeeds or throws anything else. */
export const faultOf = async (call: Promise<unknown>): Promise<Fault> => {
  const end = await call.then(
    () => 'success',
    (error: unknown) => error,
  );
  expect(end).to.be.instanceOf(Fault);
  return end as Fault;
};

export const expectFault = async (call: Promise<unknown>, kind: FaultKind, message: string, data?: FaultData) => {
  const fault = await faultOf(call);
  expect({ kind: fault.kind, message: fault.message }).to.deep.equal({ kind, message });
  if (data) expect(fault.data).to.deep.include(data);
};
