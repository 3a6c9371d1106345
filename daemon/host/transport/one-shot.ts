/**
 * A plugin that has a process for each call, and none in between: what goes to it begins with its configuration and ends
 * behind the call. For the host it is a plugin like any other; what is said of one call is put down to that alone.
 */
import { describedOneShot } from '../../../plugin-protocol/one-shot/described.ts';
import { createRequests, type OneRequest } from '../../../plugin-protocol/one-shot/requests.ts';
import type { Reaper } from '../../../plugin-protocol/reaper.ts';
import { errorLine, type RequestId, resultLine, rpcCodes } from '../../../plugin-protocol/rpc/messages.ts';
import type { Limits } from '../../limits.ts';
import type { Launch } from '../program/child.ts';
import type { KeptDescription } from '../program/kept-description.ts';
import { type PluginProcess, startProcess } from './process.ts';
import type { Transport, TransportHandlers } from './transport.ts';

/** A request that has a process, or waits for one. */
interface Run {
  request: OneRequest;
  process?: PluginProcess;
  /** Why it is not to be started any more, or what has been started is ended. */
  isUnwanted?: boolean;
}

export interface OneShotOptions {
  /** So many processes are there at once; as many as `describe` says when left out. */
  most: number | undefined;
  /** What it has said of itself before; `anew` when it is to say so again. */
  kept: KeptDescription | undefined;
  anew: boolean;
  limits: Limits['plugins'];
  reaper: Reaper;
}

export const openOneShot = (
  launch: Launch,
  { most, kept, anew, limits, reaper }: OneShotOptions,
  handlers: TransportHandlers,
): Transport => {
  const runs = new Map<RequestId, Run>();
  const waiting = new Set<Run>();
  const requests = createRequests();
  const ended = Promise.withResolvers<string>();
  let writing: Promise<void> | undefined;
  let places = 1;
  let busy = 0;
  /** How it was ended; from then on nothing is started. */
  let how: string | undefined;

  const over = ended.promise.then(async (why) => {
    await writing;
    return why;
  });
  const lookOver = () => {
    if (how !== undefined && busy === 0) ended.resolve(how);
  };

  const start = async (run: Run) => {
    const { request } = run;
    const { id } = request;
    const input = requests.inputFor(request);
    const read = (line: string) => {
      const answer = input.read(line);
      if (answer !== undefined) handlers.onLine(answer);
      if (input.isRefused) run.process?.kill();
    };
    const running = await startProcess(launch, limits, reaper, {
      ...handlers,
      onLine: read,
      async onLong(line) {
        if (input.concerns(line) || handlers.onLong === undefined) read(line.toString());
        else await handlers.onLong(line);
      },
      onError: (line) => handlers.onError(line, id),
      onWritable() {},
    });
    run.process = running;
    if (run.isUnwanted) running.kill();
    for (const lines of input.lines) running.send(lines);
    running.endInput();
    const end = await running.ended;
    handlers.onCallEnded(id, end, true);
  };
  const pump = () => {
    for (const run of waiting) {
      if (busy >= places) return;
      waiting.delete(run);
      busy += 1;
      const { id } = run.request;
      void start(run)
        .catch((error: Error) => handlers.onCallEnded(id, `was not started: ${error.message}`, false))
        .finally(() => {
          busy -= 1;
          runs.delete(id);
          lookOver();
          pump();
        });
    }
  };
  const add = (request: OneRequest) => {
    const { id, method } = request;
    // There is no process that it could be said to.
    if (method === 'drain') {
      const error = { code: rpcCodes.methodNotFound, message: 'There is a process for each call.' };
      return queueMicrotask(() => handlers.onLine(errorLine(id, error)));
    }
    const run = { request };
    runs.set(id, run);
    if (method === 'describe') return recall(run);
    waiting.add(run);
    pump();
  };
  /** What it said when it was the same program need not be asked again. Which one it is is known before it is started. */
  const recall = async (run: Run) => {
    const description = await kept?.read();
    const { id } = run.request;
    if (!runs.has(id)) return;
    if (description === undefined || anew) {
      waiting.add(run);
      return pump();
    }
    runs.delete(id);
    handlers.onLine(resultLine(id, description));
  };
  const cancel = (id: RequestId) => {
    const run = runs.get(id);
    if (run === undefined) return;
    if (!waiting.delete(run)) {
      if (run.process === undefined) run.isUnwanted = true;
      else run.process.terminate();
      return;
    }
    runs.delete(id);
    const data = { kind: 'cancelled', outcome: 'none' };
    handlers.onLine(errorLine(id, { code: 499, message: 'It was not begun.', data }));
  };
  const endAll = (why: string, end: (process: PluginProcess) => void) => {
    how ??= why;
    for (const run of runs.values()) {
      if (run.process === undefined) run.isUnwanted = true;
      else end(run.process);
    }
    for (const run of waiting) runs.delete(run.request.id);
    waiting.clear();
    lookOver();
  };

  return {
    sandbox: launch.sandbox,
    send(lines) {
      if (how !== undefined) return true;
      const { asked, cancelled } = requests.read(lines);
      for (const request of asked) add(request);
      for (const id of cancelled) cancel(id);
      return true;
    },
    ended: over,
    async stop() {
      endAll('was stopped', (process) => void process.stop());
      await over;
    },
    kill: () => endAll('was ended', (process) => process.kill()),
    oneShot: {
      described(description) {
        const of = describedOneShot(description, most);
        places = of.concurrency;
        writing = kept?.write(description);
        pump();
        return of;
      },
      left: (id) => void runs.get(id)?.process?.stop(),
      end(id) {
        const run = runs.get(id);
        if (run !== undefined) run.isUnwanted = true;
        run?.process?.kill();
      },
    },
  };
};
