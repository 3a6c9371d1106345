/**
 * What happened to each operation, from every side, kept with it. Entries go to the store with the next write of their
 * operation, or after a moment: an operation costs no commit more for having a story, and `kill -9` takes that moment.
 */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { CallRequest } from '../api.ts';
import type { Journal, NewEvent } from '../journal.ts';
import type { Change, Clock, Found, OperationRow, PluginLine, Store, StoryRow } from '../ports.ts';

/** How long entries wait for a write that they could go with. */
const unsavedMs = 100;

type Told = Omit<StoryRow, 'time' | 'data'> & { data?: StoryRow['data'] };

export interface StoriesContext {
  store: Store;
  journal: Journal;
  clock: Clock;
  /** Lines of its log and steps of its progress that are kept with one operation. */
  lines: number;
  /** How many entries open operations have from before. */
  known: ReadonlyMap<string, number>;
}

/** Facts as they are kept; what is undefined is left out. */
const factsOf = (facts: Record<string, string | number | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

const failureOf = (call: string, thrown: unknown): Pick<Told, 'what' | 'message' | 'data' | 'internal'> => {
  if (!(thrown instanceof Fault)) return { what: 'failed', message: `${call} failed by a bug; the log says more.` };
  const { kind, message, data } = thrown;
  const { outcome, retryAfterMs, field, provider } = data;
  // Why a backend cannot be reached names its hosts and paths; see discretion.ts.
  const kept = kind === 'unavailable';
  return {
    what: 'failed',
    message: `${call} failed: ${kept ? 'The backend cannot be reached at the moment.' : message}`,
    data: factsOf({ kind, outcome, retryAfterMs, field }),
    internal: { ...(kept && { message: `${call} failed: ${message}` }), data: factsOf({ provider }) },
  };
};

/** What was heard of a task in the end. */
const ends: Record<string, string> = {
  done: 'Its task was done.',
  forgotten: 'The plugin does not know the task any more.',
  away: 'The plugin has gone; it is asked again when it is there.',
};

export class Stories {
  readonly #context: StoriesContext;
  readonly #unsaved = new Map<string, StoryRow[]>();
  /** Lines and steps that each open operation has, those included that were left out. */
  readonly #lines: Map<string, number>;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: StoriesContext) {
    this.#context = context;
    this.#lines = new Map(context.known);
  }

  #tell(operation: string, { data = {}, ...told }: Told): void {
    const rows = this.#unsaved.get(operation) ?? [];
    rows.push({ time: this.#context.journal.now(), data, ...told });
    this.#unsaved.set(operation, rows);
    this.#timer ??= setTimeout(() => void this.save(), unsavedMs).unref();
  }

  /** Of what a plugin may say without end, only so much is kept. */
  #tellLine(operation: string, told: Told): void {
    const count = (this.#lines.get(operation) ?? 0) + 1;
    this.#lines.set(operation, count);
    if (count <= this.#context.lines) this.#tell(operation, told);
  }

  asked({ id, user, method }: OperationRow, { frontend, remote }: CallRequest): void {
    this.#tell(id, {
      source: 'caller',
      what: 'asked',
      message: `${user} asked for ${method} over ${frontend}.`,
      data: { user, frontend },
      internal: { data: { remote } },
    });
  }

  stored({ id }: OperationRow): void {
    this.#tell(id, { source: 'daemon', what: 'stored', message: 'It is in the store: from here on it has an end.' });
  }

  resumed({ id, state }: OperationRow): void {
    this.#tell(id, {
      source: 'daemon',
      what: 'resumed',
      message: `The daemon was started again, and took it up as it was: ${state}.`,
    });
  }

  /** `why` may name what only administrators read. */
  waiting({ id }: OperationRow, forWhat: string, why?: string): void {
    const message = `It waits for ${forWhat}.`;
    const internal = why === undefined ? undefined : { message: `It waits for ${forWhat}: ${why}` };
    this.#tell(id, { source: 'daemon', what: 'waiting', message, ...(internal && { internal }) });
  }

  cancel({ id }: OperationRow, why: string): void {
    this.#tell(id, { source: 'caller', what: 'cancel', message: why });
  }

  /** Makes a call to the plugin, and tells of it and of what came back. */
  call<R>(row: OperationRow, call: string, key: string, make: () => Promise<R>): Promise<R> {
    const message = `${call} was sent, attempt ${row.attempt}.`;
    return this.#follow(row, { call, message, key }, make, (result) => ({
      what: 'answered',
      message: result === undefined ? `${call} goes on as a task.` : `${call} was done.`,
    }));
  }

  /** The same for the task that a call goes on as. */
  task<R extends { state: string }>(row: OperationRow, call: string, key: string, make: () => Promise<R>): Promise<R> {
    const message = `The plugin is asked how ${call} goes on.`;
    return this.#follow(row, { call, message, key }, make, ({ state }) => ({
      what: 'answered',
      message: ends[state]!,
    }));
  }

  /** The same for `find`. */
  find(row: OperationRow, key: string, make: () => Promise<Found>): Promise<Found> {
    const message = 'The plugin was asked what became of it.';
    return this.#follow(row, { call: 'find', message, key }, make, ({ outcome }) => ({
      what: 'found',
      message: `It said: ${outcome}.`,
      data: { outcome },
    }));
  }

  async #follow<R>(
    { id, attempt }: OperationRow,
    { call, message, key }: { call: string; message: string; key: string },
    make: () => Promise<R>,
    answer: (result: R) => Pick<Told, 'what' | 'message' | 'data'>,
  ): Promise<R> {
    const { clock } = this.#context;
    const began = clock.now();
    this.#tell(id, {
      source: 'daemon',
      what: 'sent',
      call,
      message,
      data: factsOf({ attempt }),
      internal: { data: { key } },
    });
    const came = (told: Omit<Told, 'source'>) =>
      this.#tell(id, { source: 'plugin', call, durationMs: Math.max(0, clock.now() - began), ...told });
    try {
      const result = await make();
      came(answer(result));
      return result;
    } catch (thrown) {
      came(failureOf(call, thrown));
      throw thrown;
    }
  }

  retry({ id, attempt }: OperationRow, ms: number): void {
    const message = `It is tried again in ${ms} ms, attempt ${attempt}.`;
    this.#tell(id, { source: 'daemon', what: 'retry', message, data: factsOf({ attempt }) });
  }

  progress({ id }: OperationRow, call: string, { percent, message }: { percent?: number; message?: string }): void {
    const said = [percent === undefined ? undefined : `${percent}%`, message].filter((part) => part !== undefined);
    const data = factsOf({ percent });
    this.#tellLine(id, { source: 'plugin', what: 'progress', call, message: said.join(' '), data });
  }

  log({ id }: OperationRow, call: string, { level, message, among }: PluginLine): void {
    const data = factsOf({ level, among: among > 1 ? among : undefined });
    this.#tellLine(id, { source: 'plugin', what: 'log', call, message, data, internal: { whole: true } });
  }

  caused({ id }: OperationRow, events: readonly NewEvent[]): void {
    for (const { type, resource, data } of events) {
      const details = Object.entries(data).map(([name, value]) => ` ${name}=${value}`);
      const message = `${type}${details.join('')}`;
      this.#tell(id, { source: 'daemon', what: 'event', message, data: { type, resource, ...data } });
    }
  }

  ended({ id, state, fault }: OperationRow): void {
    const { lines } = this.#context;
    const over = (this.#lines.get(id) ?? 0) - lines;
    this.#lines.delete(id);
    if (over > 0) {
      const message = `${over} further lines of the plugin were left out (limits.store.storyLines).`;
      this.#tell(id, { source: 'daemon', what: 'left-out', message, data: factsOf({ lines: over }) });
    }
    const { kind, outcome } = fault ?? {};
    this.#tell(id, {
      source: 'daemon',
      what: 'ended',
      message: `It ended: ${state}.`,
      data: factsOf({ kind, outcome }),
    });
  }

  /** What is not in the store yet, to be written with something else. */
  take(operation: string): Change[] {
    const rows = this.#unsaved.get(operation);
    this.#unsaved.delete(operation);
    return rows === undefined ? [] : [{ put: 'story', operation, rows }];
  }

  /** Write down everything. A store that cannot be written ends the daemon by other ways. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = [...this.#unsaved.keys()].flatMap((operation) => this.take(operation));
    if (changes.length > 0) await this.#context.journal.write(changes).catch(() => {});
  }

  async read(operation: string): Promise<StoryRow[]> {
    await this.save();
    const { store } = this.#context;
    await store.pending();
    return store.story(operation);
  }
}
