/**
 * What plugins say of themselves, kept across restarts of the daemon: until a plugin has been started and has said it anew,
 * its connector reads as it did before, with a name, a version and what it can do.
 */
import type { Journal } from '../journal.ts';
import type { BackendStatus, Change } from '../ports.ts';
import type { KeepsByConnector } from './leftovers.ts';

type Description = Required<Pick<BackendStatus, 'plugin' | 'version' | 'calls' | 'features'>>;

const prefix = 'described:';

export class Descriptions implements KeepsByConnector {
  readonly #journal: Journal;
  /** As in the store. */
  readonly #kept = new Map<string, string>();

  constructor(journal: Journal, meta: ReadonlyMap<string, string>) {
    this.#journal = journal;
    for (const [key, text] of meta) if (key.startsWith(prefix)) this.#kept.set(key.slice(prefix.length), text);
  }

  /** A connector is ready. */
  seen({ id, plugin, version, calls, features = [] }: BackendStatus): void {
    if (version === undefined) return;
    const value = JSON.stringify({ plugin, version, calls, features } satisfies Description);
    if (this.#kept.get(id) === value) return;
    this.#kept.set(id, value);
    // Whoever minds that the store cannot be written is told by the journal.
    this.#journal.write([{ put: 'meta', key: `${prefix}${id}`, value }]).catch(() => {});
  }

  /** The status, with what was said before where nothing has been said since the start. */
  shown(status: BackendStatus): BackendStatus {
    const text = status.version === undefined ? this.#kept.get(status.id) : undefined;
    return text === undefined ? status : { ...status, ...(JSON.parse(text) as Description) };
  }

  connectors(): Iterable<string> {
    return this.#kept.keys();
  }

  forget(connector: string): readonly Change[] {
    return this.#kept.delete(connector) ? [{ drop: 'meta', key: `${prefix}${connector}` }] : [];
  }
}
