/** `error` of an answer, as shape. */
import { type FaultKind, faults, outcomes } from '../faults.ts';
import { any, int, oneOf, optional, record, string } from '../shape.ts';

/** Any JSON: its own check is somebody else's. */
export const json = (description: string) => any(description, { 'x-plain': true, 'x-max-depth': 64 });

const text = (description: string) => optional(string(description));
export const AnswerError = record('Error', 'Why a call failed: `error` of an answer.', {
  code: int("One of JSON-RPC's own, or a number that reads like HTTP's."),
  message: string('What is wrong and with what, for users.'),
  data: optional(
    record('ErrorData', 'What else is to be said of it.', {
      kind: optional(oneOf(Object.keys(faults) as FaultKind[], 'What it is; that of the code when left out.')),
      outcome: optional(oneOf(outcomes, 'What had happened when the call failed.')),
      retryAfterMs: optional(int('When to try again, in milliseconds.', { minimum: 0 })),
      field: text('JSON Pointer into the parameters, such as `/disks/0/sizeMiB`.'),
      resource: text('The resource meant, by its id.'),
      provider: text("The backend's own name for the failure."),
      hint: text('What to do next.'),
      contract: optional(json('What it is in the contract of the service that was called.')),
    }),
  ),
});
