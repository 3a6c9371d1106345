/** What a machine that is to be made refers to: its connector, images and networks. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { ResourceKind } from '../ports.ts';
import type { Services } from '../services.ts';

export const vmReferences = ({ inventory, backends, reconciler }: Services) => {
  const resolve = (kind: ResourceKind, connector: string, word: string) =>
    inventory.resolve(kind, word, (record) => record.connector === connector);

  /** The backend id of something on the same connector that a new machine refers to. */
  const nativeOf = (
    kind: ResourceKind,
    connector: string,
    word: string | undefined,
    field: string,
  ): string | undefined => {
    if (word === undefined) return undefined;
    try {
      return resolve(kind, connector, word).nativeId;
    } catch (thrown) {
      if (thrown instanceof Fault)
        throw new Fault(thrown.kind, `${field}: ${thrown.message.replace(/\.$/, '')} on ${connector}.`, {
          ...thrown.data,
          field: `/${field}`,
        });
      throw thrown;
    }
  };

  const chooseConnector = (word: string | undefined): string => {
    if (word !== undefined) {
      if (backends.get(word) === undefined)
        throw new Fault('not-found', `There is no connector ${word}.`, { field: '/connector' });
      return word;
    }
    const all = backends.list();
    if (all.length === 1) return all[0]!.id;
    const names = all.map(({ id }) => id).join(', ');
    throw new Fault(
      'invalid-params',
      names === '' ? 'No connector is configured.' : `connector is needed: there are ${names}.`,
      { field: '/connector' },
    );
  };

  const isKnown = (kind: ResourceKind, connector: string, word: string): boolean => {
    try {
      resolve(kind, connector, word);
      return true;
    } catch {
      return false;
    }
  };

  /**
   * Read a connector once more when it is asked for something that the inventory does not know: it may be ready and not
   * read yet, or somebody has just put an image there, of which no plugin tells.
   */
  const readMissing = async (
    word: string | undefined,
    wanted: { [K in ResourceKind]?: readonly (string | undefined)[] },
  ): Promise<void> => {
    const all = backends.list();
    const connector = word ?? (all.length === 1 ? all[0]!.id : undefined);
    if (connector === undefined || backends.get(connector)?.state !== 'ready') return;
    const known = Object.entries(wanted).every(([kind, words]) =>
      words.every((name) => name === undefined || isKnown(kind as ResourceKind, connector, name)),
    );
    // Why it cannot be read is told by what follows, which does not find it.
    if (!known) await reconciler.refresh(connector).catch(() => undefined);
  };

  return { chooseConnector, nativeOf, readMissing };
};
