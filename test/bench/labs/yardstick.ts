/** Prints how many megabytes saxes reads here in a second of processor time: the median of some rounds. */
import { median } from '../median.ts';
import { rowsCall, speedsOf } from '../rows.ts';
import { saxesRead } from '../saxes.ts';

const call = rowsCall();
const speeds = await speedsOf({ saxes: { bytes: call.length, go: () => saxesRead(call), times: 4 } }, 7);
console.log(median((speeds.get('saxes') ?? []).map(({ perSecond }) => perSecond)));
