/** The requests of one conversation: what is asked for, until when, and what has been answered. */
import type { Message } from '../../rpc/messages.ts';
import type { Clock } from '../process/clock.ts';
import { Failure } from '../report/verdict.ts';
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

  /** The method of a request that was settled. */
  methodOf(id: number): string | undefined {
    return this.#answered.get(id);
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
