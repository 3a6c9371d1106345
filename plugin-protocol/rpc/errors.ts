/** Faults as `error` of an answer, and back. */
import {
  type ContractFaultData,
  Fault,
  type FaultData,
  type FaultKind,
  isFaultKind,
  kindFromCode,
  type Outcome,
  outcomes,
} from '../faults.ts';
import { type RpcError, rpcCodes } from './messages.ts';

/** Kinds that a plugin chooses before it touches anything: nothing has happened unless it says otherwise. */
export const refusals: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'invalid-params',
  'unknown-method',
  'forbidden',
  'not-found',
  'conflict',
  'exists',
  'busy',
  'throttled',
  'unsupported',
]);

/** `error` for a fault. A refusal gets the outcome `none` unless the fault has another. */
export const errorFromFault = (fault: Fault): RpcError => ({
  code: fault.code,
  message: fault.message,
  data: { kind: fault.kind, ...(refusals.has(fault.kind) ? { outcome: 'none' } : {}), ...fault.data },
});

/**
 * Kinds that tell what is wrong between the daemon and the plugin, or between the plugin and its backend. The caller has
 * sent no bad credentials and no bad request: to it these are other faults.
 */
const seenByCaller: Partial<Record<FaultKind, FaultKind>> = {
  // A plugin's 500 is the failure of a plugin or of its backend, not of the daemon: its message is shown.
  internal: 'failed',
  malformed: 'internal',
  'unsupported-encoding': 'internal',
  'invalid-request': 'internal',
  'unknown-method': 'unsupported',
  'too-large': 'internal',
  unauthenticated: 'unavailable',
};

/** JSON-RPC's own codes for a request that was never handed to the program. -32603 is not among them. */
const beforeAnyWork: ReadonlySet<number> = new Set(Object.values(rpcCodes));

const texts = ['field', 'hint', 'provider', 'resource'] as const;
const messageLength = 4096;

/** What it has for a contract is held against that when it is written. */
const contractFrom = (given: unknown): ContractFaultData | undefined => {
  if (typeof given !== 'object' || given === null) return undefined;
  const { fault, detail, headers } = given as ContractFaultData;
  return {
    ...(typeof fault === 'string' && { fault }),
    ...(detail !== undefined && { detail }),
    ...(typeof headers === 'object' && headers !== null && { headers }),
  };
};

const noReason = 'The plugin gave no reason.';

/**
 * The line of a message that says what is wrong: the first one, or the last one that is not indented where Python has put
 * a traceback before it. Stacks are for logs, and a line break could be taken for the end of a line there.
 */
const sentenceFrom = (message: string): string => {
  const lines = message.split(/[\r\n\u2028\u2029]+/).filter((line) => line.trim() !== '');
  const isTraceback = lines[0]?.startsWith('Traceback ') ?? false;
  const chosen = isTraceback ? lines.findLast((line) => !/^\s/.test(line)) : lines[0];
  return chosen?.trim() ?? '';
};

/**
 * The fault for `error` of an answer. Bare `{code, message}` is legal: the kind is then that of the code. What a mutation
 * left behind is unknown unless the plugin says it, except for JSON-RPC's own codes that come before any work.
 */
export const faultFromError = (error: unknown, mutates: boolean): Fault => {
  const { code, message, data } = (typeof error === 'object' && error !== null ? error : {}) as Partial<RpcError>;
  const given = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  const number = typeof code === 'number' ? code : 500;
  const told = isFaultKind(given.kind) ? given.kind : kindFromCode(number);
  const facts: FaultData = {};
  for (const name of texts) {
    const text = given[name];
    if (typeof text === 'string') facts[name] = text.slice(0, messageLength);
  }
  if (Number.isSafeInteger(given.retryAfterMs) && Number(given.retryAfterMs) >= 0) {
    facts.retryAfterMs = Number(given.retryAfterMs);
  }
  const contract = contractFrom(given.contract);
  if (contract !== undefined) facts.contract = contract;
  if (mutates) {
    const outcome = outcomes.find((known) => known === given.outcome) satisfies Outcome | undefined;
    facts.outcome = outcome ?? (beforeAnyWork.has(number) ? 'none' : 'unknown');
  }
  const sentence = (typeof message === 'string' && sentenceFrom(message.slice(0, messageLength))) || noReason;
  return new Fault(seenByCaller[told] ?? told, sentence, facts);
};
