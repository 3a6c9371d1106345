/** The requests of one conversation: what is asked for, until when, and what has been answered. */
import type { Message } from '../../rpc/messages.ts';
import type { Clock } from '../process/clock.ts';
import { excerpt, Failure, type Ledger } from '../report/verdict.ts';
import type { Asked } from './judge.ts';

interface Pending extends Asked {
  resolve(answer: Message): void;
  reject(failure: Failure): void;
  deadline: ReturnType<Clock['deadline']>;
}

export interface Request {
  id: number;
  method: string;
  accept: readonly string[];
  ms: number;
  /** What to say when there is no answer by then. */
  late(): string;
  /** Why it cannot be asked any more. */
  before: string | undefined;
}

const idAdvice = 'Write the id of the request back as it came, also in an error.';

export class Requests {
  readonly pending = new Map<number, Pending>();
  readonly #answered = new Map<number, string>();
  readonly #clock: Clock;
  #id = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** 1 to 2^31-1, as those of the host, and the same in each run (Lehmer's row). */
  nextId(): number {
    this.#id = (this.#id * 48_271) % 2_147_483_647;
    return this.#id;
  }

  /** Resolves with the answer; rejects with a `Failure` when there is none. Whoever needs it awaits it. */
  expect({ id, method, accept, ms, late, before }: Request): Promise<Message> {
    const answer = new Promise<Message>((resolve, reject) => {
      if (before !== undefined) return reject(new Failure(before));
      const deadline = this.#clock.deadline(ms, () => {
        this.settle(id);
        reject(new Failure(late()));
      });
      this.pending.set(id, { method, percent: 0, accept, resolve, reject, deadline });
    });
    answer.catch(() => {});
    return answer;
  }

  /** Strike a request from those that wait, for whoever answers it. */
  settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    if (pending === undefined) return undefined;
    pending.deadline.callOff();
    this.pending.delete(id);
    this.#answered.set(id, pending.method);
    return pending;
  }

  /** The request that an answer is to, struck; where it is to none, what is wrong with it is entered. `provoked` may be answered. */
  answeredBy(message: Message, ledger: Ledger, provoked: ReadonlySet<unknown>): Pending | undefined {
    const { id } = message;
    const pending = typeof id === 'number' ? this.settle(id) : undefined;
    if (pending !== undefined || provoked.has(id)) return pending;
    const [only, ...others] = this.pending.keys();
    const isLost = (id ?? null) === null && Boolean(message.error) && others.length === 0;
    const meant = typeof id === 'string' ? Number(id) : isLost ? only : undefined;
    const misnamed = meant === undefined ? undefined : this.settle(meant);
    if (misnamed !== undefined) {
      const { method, reject } = misnamed;
      const said =
        typeof id === 'string'
          ? `It answered ${method} with the id as a string, where the request had a number.`
          : `It answered ${method} with the id null, and an error: ${excerpt(message.error)}`;
      ledger.enter('1.5', 'failure', said, idAdvice);
      reject(new Failure(said, idAdvice));
      return undefined;
    }
    const before = typeof id === 'number' ? this.#answered.get(id) : undefined;
    const said =
      before === undefined
        ? `It answered a request that was never made, with the id ${excerpt(id, 40)}.`
        : `It answered ${before} twice.`;
    ledger.enter('2.3', 'failure', said, 'Each request has one answer, and nothing else has any.');
    return undefined;
  }

  /** No more answers come. */
  end(failure: (method: string) => Failure): void {
    for (const [id, { method, reject, deadline }] of this.pending) {
      deadline.callOff();
      this.pending.delete(id);
      reject(failure(method));
    }
  }
}
