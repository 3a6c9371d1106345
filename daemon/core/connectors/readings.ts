/** Reading what a connector has, page by page. */
import { type ContractCall, compute, network, storage } from '../../../plugin-protocol/contract/index.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { NativeVm } from '../../../plugin-protocol/resources.ts';
import type { Natives, ReportedKind } from '../native.ts';
import type { Backend } from '../ports.ts';

/** What is read from a connector beside its machines, and by which call. Before machines: they refer to it. */
const reported = {
  host: compute.hosts,
  image: compute.images,
  network: network.list,
  volume: storage.list,
} as const;
export const reportedKinds = Object.keys(reported) as ReportedKind[];

interface Page<T> {
  items: T[];
  next?: string;
}

/** All pages; of a plugin whose pages do not end, at most so many items. */
const readPages = async <T>(
  backend: Backend,
  call: ContractCall<{ after?: string }, Page<T>>,
  most: number,
): Promise<T[]> => {
  const items: T[] = [];
  let after: string | undefined;
  let empty = 0;
  do {
    const page: Page<T> = await backend.call(call, after === undefined ? {} : { after });
    for (const item of page.items) items.push(item);
    if (page.items.length === 0) empty += 1;
    if (page.next !== undefined && page.next === after) {
      throw new Fault('failed', `${call.name} goes on at ${JSON.stringify(after)}, where it was asked to go on.`);
    }
    if (items.length + empty > most) {
      throw new Fault('failed', `${call.name} lists more than ${most} in its pages (limits.plugins.listed).`);
    }
    after = page.next;
  } while (after !== undefined);
  return items;
};

/** Read each kind that the connector has and hand it on. Answers the calls that failed; the others are read all the same. */
export const readAllReported = async (
  backend: Backend,
  most: number,
  take: <K extends ReportedKind>(kind: K, natives: Natives[K][]) => Promise<void>,
): Promise<{ call: string; fault: string }[]> => {
  const kinds = reportedKinds.filter((kind) => backend.supports(reported[kind].name));
  const failures = await Promise.all(
    kinds.map(async (kind) => {
      try {
        const call = reported[kind] as ContractCall<{ after?: string }, Page<Natives[typeof kind]>>;
        await take(kind, await readPages(backend, call, most));
        return [];
      } catch (thrown) {
        return [{ call: reported[kind].name, fault: (thrown as Error).message }];
      }
    }),
  );
  return failures.flat();
};

export const readMachines = (backend: Backend, most: number): Promise<NativeVm[]> =>
  readPages(backend, compute.list, most);

/** Whether the backend says for certain that a machine does not exist. */
export const isGone = async (backend: Backend, vm: string): Promise<boolean> => {
  try {
    await backend.call(compute.get, { vm });
    return false;
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.kind === 'not-found') return true;
    throw thrown;
  }
};
