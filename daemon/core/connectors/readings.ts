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

const readPages = async <T>(read: (params: { after?: string }) => Promise<Page<T>>): Promise<T[]> => {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await read(after === undefined ? {} : { after });
    for (const item of page.items) items.push(item);
    after = page.next;
  } while (after !== undefined);
  return items;
};

const readReported = <K extends ReportedKind>(backend: Backend, kind: K): Promise<Natives[K][]> =>
  readPages((params) =>
    backend.call(reported[kind] as unknown as ContractCall<typeof params, Page<Natives[K]>>, params),
  );

/** Read each kind that the connector has and hand it on. Answers the calls that failed; the others are read all the same. */
export const readAllReported = async (
  backend: Backend,
  take: <K extends ReportedKind>(kind: K, natives: Natives[K][]) => void,
): Promise<{ call: string; fault: string }[]> => {
  const kinds = reportedKinds.filter((kind) => backend.supports(reported[kind].name));
  const failures = await Promise.all(
    kinds.map(async (kind) => {
      try {
        take(kind, await readReported(backend, kind));
        return [];
      } catch (thrown) {
        return [{ call: reported[kind].name, fault: (thrown as Error).message }];
      }
    }),
  );
  return failures.flat();
};

export const readMachines = (backend: Backend): Promise<NativeVm[]> =>
  readPages((params) => backend.call(compute.list, params));

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
