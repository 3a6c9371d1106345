/**
 * Every way in which a call can fail, as one closed table. Frontends map each kind to their wire, SDKs to their
 * language, the reference prints the table. `code` is the HTTP-like number that plugins answer and that frontends send;
 * `interop` is the number that XML-RPC (the fault code interoperability list) and JSON-RPC 2.0 reserve for the same
 * thing: where it is given, those two wires send it instead of `code`.
 */
export interface FaultRow {
  code: number;
  interop?: number;
  /** Whether the same call may simply be made again later. */
  retry: boolean;
  doc: string;
}

export const faults = {
  malformed: {
    code: 400,
    interop: -32700,
    retry: false,
    doc: 'The request is not well-formed, or not of this protocol.',
  },
  'unsupported-encoding': {
    code: 415,
    interop: -32701,
    retry: false,
    doc: 'The character set or content coding of the request is not supported.',
  },
  'invalid-request': { code: 400, interop: -32600, retry: false, doc: 'Well-formed, but not a call.' },
  'unknown-method': { code: 404, interop: -32601, retry: false, doc: 'There is no method of that name.' },
  'invalid-params': {
    code: 400,
    interop: -32602,
    retry: false,
    doc: 'A parameter is missing, unknown, or not of its type; `field` says which.',
  },
  'too-large': { code: 413, retry: false, doc: 'The request is over a limit; the message names it.' },
  unauthenticated: { code: 401, retry: false, doc: 'No credentials, or credentials that are not valid (any more).' },
  forbidden: { code: 403, retry: false, doc: 'The caller may not make this call.' },
  'not-found': { code: 404, retry: false, doc: 'No such object, or the caller may not see it.' },
  conflict: { code: 409, retry: false, doc: 'The object is in a state that forbids the call.' },
  exists: { code: 409, retry: false, doc: 'An object of that name or key exists and differs.' },
  busy: { code: 423, retry: true, doc: 'Another operation holds the object.' },
  throttled: { code: 429, retry: true, doc: 'Too many calls; `retryAfterMs` says when to try again.' },
  cancelled: { code: 499, retry: false, doc: 'The caller or an operator cancelled the work.' },
  internal: { code: 500, interop: -32603, retry: false, doc: 'A bug. The cause is logged and never sent.' },
  unsupported: { code: 501, retry: false, doc: 'The backend of this object cannot do that.' },
  failed: { code: 502, retry: false, doc: 'The backend tried and failed; the message says why.' },
  unavailable: { code: 503, retry: true, doc: 'The backend cannot be reached at the moment.' },
  timeout: { code: 504, retry: true, doc: 'The backend did not answer in time; the work may still finish.' },
  quota: { code: 507, retry: false, doc: 'A quota or the capacity of the backend is used up.' },
} as const satisfies Record<string, FaultRow>;

export type FaultKind = keyof typeof faults;

/** What had happened when a call failed: decides whether it may be made again without asking `find` first. */
export const outcomes = ['none', 'unknown', 'partial', 'done'] as const;
export type Outcome = (typeof outcomes)[number];

/** Details of a fault. All are safe to show to the caller. */
export interface FaultData {
  /** JSON Pointer into the parameters: `/disks/0/sizeMiB`. */
  field?: string;
  outcome?: Outcome;
  retryAfterMs?: number;
  /** The resource meant, by its id. */
  resource?: string;
  /** The operation that failed. */
  operation?: string;
  /** What to do next. */
  hint?: string;
  /** The backend's own name for the failure, for its support desk. */
  provider?: string;
  /** What the fault is in the contract of the service that was called: sent as that contract has it, elsewhere left out. */
  contract?: ContractFaultData;
}

/** A fault as an existing contract (a WSDL) declares it. */
export interface ContractFaultData {
  /** Its name in the operation. */
  fault?: string;
  /** What the contract has in its detail. */
  detail?: unknown;
  /** Headers of the reply, by their names. */
  headers?: Record<string, unknown>;
}

/** A failure that a caller is meant to see. Anything else that is thrown becomes `internal`, its cause only logged. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly data: FaultData;

  constructor(kind: FaultKind, message: string, data: FaultData = {}) {
    super(message);
    this.name = 'Fault';
    this.kind = kind;
    this.data = data;
  }

  get code(): number {
    return faults[this.kind].code;
  }

  /** The number that XML-RPC and JSON-RPC send. */
  get wireCode(): number {
    const row: FaultRow = faults[this.kind];
    return row.interop ?? row.code;
  }
}

export const isFaultKind = (kind: unknown): kind is FaultKind =>
  typeof kind === 'string' && Object.hasOwn(faults, kind);

const kindByCode = new Map<number, FaultKind>();
for (const [kind, row] of Object.entries(faults) as [FaultKind, FaultRow][]) {
  if (!kindByCode.has(row.code)) kindByCode.set(row.code, kind);
  if (row.interop !== undefined) kindByCode.set(row.interop, kind);
}
// Codes shared by several kinds: what a plugin means that sends only the number.
kindByCode.set(400, 'invalid-params').set(404, 'not-found').set(409, 'conflict');

/** The kind that a bare code means; plugins may send nothing but `{code, message}`. */
export const kindFromCode = (code: number): FaultKind => kindByCode.get(code) ?? 'internal';
