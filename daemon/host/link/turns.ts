/** Which call has a resource for itself, over all processes of all plugins: one after the other, in the order in which they came. */
export interface Turns {
  has(name: string): boolean;
  /** True when the resource is the caller's now; otherwise `granted` is called once it is. */
  take(name: string, granted: () => void): boolean;
  /** Whoever gave `granted` waits no longer. */
  leave(name: string, granted: () => void): void;
  release(name: string): void;
}

export const createTurns = (): Turns => {
  /** Resources in use, with those who wait for each. A set keeps the order and forgets at once. */
  const taken = new Map<string, Set<() => void>>();
  return {
    has: (name) => taken.has(name),
    take(name, granted) {
      const behind = taken.get(name);
      if (behind) behind.add(granted);
      else taken.set(name, new Set());
      return behind === undefined;
    },
    leave(name, granted) {
      taken.get(name)?.delete(granted);
    },
    release(name) {
      const behind = taken.get(name);
      const next = behind?.values().next();
      if (!next || next.done) {
        taken.delete(name);
        return;
      }
      behind?.delete(next.value);
      next.value();
    },
  };
};
