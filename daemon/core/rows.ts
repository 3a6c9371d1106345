/** What the store keeps, as rows, and how it changes. */
import type { UsageEntry } from '../../plugin-protocol/contract/accounting.ts';
import type { Role } from '../../plugin-protocol/contract/directory.ts';
import type { FaultInfo } from '../catalogue/resources.ts';
import type { StoryEntry } from '../catalogue/story.ts';
import type { KeptTask } from './ports.ts';

export type ResourceKind = 'vm' | 'host' | 'image' | 'network' | 'volume';

/** A user as the store keeps it. */
export interface UserRow {
  id: string;
  account: string;
  role: Role;
  /** scrypt, as `scrypt$N$r$p$salt$hash` in base64. */
  password: string;
  created: string;
}

export interface TokenRow {
  /** SHA-256 of the token, hex: the token itself is kept nowhere. */
  id: string;
  user: string;
  /** Milliseconds since 1970. */
  expires: number;
  /** Of a user whom a directory knows, and not the daemon: what was last heard of it. */
  granted?: Granted;
}

/** What a directory says of a user. */
export interface Granted {
  /** The connector that is asked. */
  directory: string;
  account: string;
  role: Role;
}

/** A resource as the store keeps it: the public record, with what the daemon alone needs beside it. */
export interface ResourceRow {
  kind: ResourceKind;
  id: string;
  record: object;
}

/** An operation as the store keeps it: the public record, and what is needed to resume it. */
export interface OperationRow {
  id: string;
  method: string;
  account: string;
  user: string;
  connector: string;
  resourceKind: string;
  resource: string;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  progress: number;
  message?: string;
  fault?: FaultInfo;
  created: string;
  started?: string;
  finished?: string;
  /**
   * The plugin calls that it consists of, one after the other, so that they can be made again with the same keys. The
   * backend id of the machine is added when a call is made: before a create it is not known.
   */
  steps: { call: string; params: object }[];
  /** The step that is under way. */
  step: number;
  attempt: number;
  /** The task that this step goes on as. */
  task?: KeptTask;
  /** The key that the client chose, unique for one user. */
  clientKey?: string;
  /** SHA-256 of the client's parameters: the same key with others is a `conflict`. */
  clientDigest?: string;
  /** The state of the machine before, to return to when nothing happened. */
  previousState?: string;
}

/** One thing that happened to an operation, as the store keeps it. */
export interface StoryRow extends StoryEntry {
  /** What only administrators may read: other words, more details, or the whole of it. */
  internal?: { message?: string; data?: Record<string, string>; whole?: true };
}

export interface EventRow {
  cursor: number;
  time: string;
  type: string;
  resourceKind: string;
  resource: string;
  account?: string;
  operation?: string;
  data: Record<string, string>;
}

/** A machine whose time counts at the moment. */
export interface MeterRow {
  vm: string;
  /** Since when, in milliseconds since 1970. */
  since: number;
  name: string;
  account: string;
  connector: string;
  vcpus?: number;
  memoryMiB?: number;
}

/** An entry of the ledger. */
export interface UsageRow {
  /** Its place, counted from 1. */
  place: number;
  /** Milliseconds since 1970. */
  ended: number;
  entry: UsageEntry;
}

/** When a machine changed by what its backend says; it had not before `notBefore`. Milliseconds since 1970. */
export interface Happened {
  time: number;
  notBefore: number;
}

/** One change of the store. Several in one `write` are one transaction. */
export type Change =
  | { put: 'resource'; row: ResourceRow; happened?: Happened }
  | { drop: 'resource'; kind: ResourceKind; id: string }
  | { put: 'operation'; row: OperationRow }
  | { put: 'event'; row: EventRow }
  | { put: 'story'; operation: string; rows: readonly StoryRow[] }
  | { put: 'user'; row: UserRow }
  | { drop: 'user'; id: string }
  | { put: 'token'; row: TokenRow }
  | { drop: 'token'; id: string }
  | { put: 'meter'; row: MeterRow }
  | { drop: 'meter'; vm: string }
  | { put: 'usage'; row: UsageRow }
  | { put: 'meta'; key: string; value: string }
  | { drop: 'meta'; key: string };
