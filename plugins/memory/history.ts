/** What happened in the cloud, in order: events with cursors, for a daemon that was away. */
import type { PluginEvent, Pulled } from '../../sdk/typescript/plugin/index.ts';

/** What is kept of an event: the rest of the machine is told as it is when somebody asks. */
interface Entry {
  at: number;
  id: string;
  /** When it happened; entries of older files have none. */
  time?: string;
  /** Undefined when it was deleted. */
  state?: NonNullable<PluginEvent['vm']>['state'];
}

/** What `file` holds of it. */
export interface KeptHistory {
  /** Tells this history from that of another cloud. */
  epoch: string;
  last: number;
  entries: Entry[];
}

/** Events that can be asked for later. */
const entriesKept = 1000;

export type History = ReturnType<typeof createHistory>;

/** `emit` gets the events once they are written, in their order; `show` is a machine as it is, unless it is gone. */
export const createHistory = (
  epoch: string,
  kept: KeptHistory | undefined,
  show: (id: string) => PluginEvent['vm'],
  emit: (event: PluginEvent) => void,
) => {
  const entries: Entry[] = [...(kept?.entries ?? [])];
  const own = kept?.epoch ?? epoch;
  let last = kept?.last ?? 0;
  /** What has happened and may not have been written: nobody hears of it before. */
  const unwritten: { entry: Entry; isWritten: boolean }[] = [];
  let told = last;

  const cursorAt = (at: number) => `${own}.${at}`;
  const eventOf = ({ at, id, state, time }: Entry): PluginEvent[] => {
    const place = { cursor: cursorAt(at), ...(time === undefined ? {} : { time }) };
    if (state === undefined) return [{ type: 'vm.deleted', id, ...place }];
    const vm = show(id);
    // What became of a machine that is gone, a later event says.
    return vm === undefined ? [] : [{ type: 'vm.changed', vm: { ...vm, state }, ...place }];
  };
  const tell = () => {
    while (unwritten[0]?.isWritten) {
      const { entry } = unwritten.shift()!;
      told = entry.at;
      eventOf(entry).forEach(emit);
    }
  };

  return {
    /** Something happened; the function that it returns is called once that is written. */
    add(id: string, state: Entry['state']): () => void {
      const entry = { at: ++last, id, time: new Date().toISOString(), ...(state === undefined ? {} : { state }) };
      entries.push(entry);
      if (entries.length > entriesKept) entries.shift();
      const waiting = { entry, isWritten: false };
      unwritten.push(waiting);
      return () => {
        waiting.isWritten = true;
        tell();
      };
    },
    pull({ since, max }: { since?: string; max: number }): Pulled {
      const from = Number(since?.slice(own.length + 1));
      const oldest = (entries[0]?.at ?? last + 1) - 1;
      const isKnown = since?.startsWith(`${own}.`) && from >= oldest && from <= told;
      if (!isKnown) return { events: [], next: cursorAt(told), ...(since === undefined ? {} : { reset: true }) };
      const wanted = entries.filter(({ at }) => at > from && at <= told).slice(0, max);
      return { events: wanted.flatMap(eventOf), next: cursorAt(wanted.at(-1)?.at ?? from) };
    },
    kept: (): KeptHistory => ({ epoch: own, last, entries }),
  };
};
