/** A plugin that tells which process of it answers, and callers that go on while its processes are replaced. */
import type { Backend } from '../../daemon/core/ports.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';

/** Answers with its pid; `compute.start` takes a while. */
export const telling = `
  const answer = () => reply(m, { result: { id: m.params.vm, name: String(process.pid), state: 'running' } });
  if (m.method === 'compute.start') setTimeout(answer, 100); else answer();`;

/**
 * Reloads so many times under so many callers that read and change machines. The processes that have answered, in the order
 * in which they were first heard of; rejects when a call fails.
 */
export const processesUnder = async (
  backend: () => Backend,
  callers: number,
  times: number,
  reload: (time: number) => Promise<void>,
): Promise<number[]> => {
  const seen = new Set<number>();
  const look = async (vm: string) => seen.add(Number((await backend().call(compute.get, { vm })).name));
  let over = false;
  const load = async (vm: string) => {
    for (let n = 0; !over; n += 1) {
      await look(vm);
      seen.add(Number((await backend().call(compute.start, { vm }, { key: `${vm}.${n}` })).name));
    }
  };
  const all = Array.from({ length: callers }, (_, n) => load(`vm-${n}`));
  try {
    for (let time = 1; time <= times; time += 1) {
      await reload(time);
      // The callers may all be with the process before, also when the next one comes.
      await look('last');
    }
  } finally {
    over = true;
  }
  await Promise.all(all);
  return [...seen];
};
