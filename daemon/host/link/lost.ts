/** The fault of a call whose process has ended. */
import { Fault, type FaultData } from '../../../plugin-protocol/faults.ts';

export class Lost extends Fault {
  /** Whether it had been sent; one that had not can be made with another process. */
  readonly begun: boolean;

  constructor(message: string, begun: boolean, mutates: boolean) {
    const data: FaultData = mutates ? { outcome: begun ? 'unknown' : 'none' } : {};
    super('unavailable', message, data);
    this.begun = begun;
  }
}
