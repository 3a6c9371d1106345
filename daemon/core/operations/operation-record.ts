/** Operations and their faults, as the store keeps them and as users see them. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { FaultInfo, Operation } from '../../catalogue/resources.ts';
import type { Principal } from '../api.ts';
import { faultFor } from '../discretion.ts';
import type { OperationRow } from '../ports.ts';

export const faultInfo = (fault: Fault): FaultInfo => ({
  kind: fault.kind,
  code: fault.code,
  message: fault.message,
  ...dataOf(fault),
});

const dataOf = ({ data: { provider: _, contract: __, ...data } }: Fault) => data;

export const faultFromInfo = ({ kind, code: _, message, ...data }: FaultInfo): Fault => new Fault(kind, message, data);

/** What a user sees of an operation. */
export const operationFor = (reader: Principal, row: OperationRow): Operation => {
  const {
    connector: _,
    steps: __,
    step: ___,
    attempt: ____,
    task: _4,
    clientKey: _5,
    clientDigest: _6,
    previousState: _7,
    ...shown
  } = row;
  return shown.fault === undefined
    ? shown
    : { ...shown, fault: faultInfo(faultFor(reader, faultFromInfo(shown.fault))) };
};
