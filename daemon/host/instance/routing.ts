/** Which process of a plugin a call goes to. */

export interface Place {
  /** The number of the process among those of its plugin; a process that is started again keeps it. */
  readonly slot: number;
  /** How many calls it has. */
  readonly load: number;
}

/** FNV-1a, of 32 bits, mixed at the end: names that differ in their last letter must not be neighbours. */
const weigh = (slot: number, name: string): number => {
  let hash = 0x811c9dc5 ^ slot;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/**
 * By rendezvous hashing: all calls for one resource go to one process, and when a process comes or goes no others move
 * than those of its own resources. Calls for no resource go to the least busy one. Undefined when there is none.
 */
export const choose = <P extends Place>(places: readonly P[], resource: string | undefined): P | undefined => {
  let [best] = places;
  if (best === undefined || places.length === 1) return best;
  const cost = ({ slot, load }: P) => (resource === undefined ? load : -weigh(slot, resource));
  let least = cost(best);
  for (const place of places) {
    const own = cost(place);
    if (own >= least) continue;
    best = place;
    least = own;
  }
  return best;
};
