/** What a daemon leaves with a keeper for the next one: then a plugin need not describe itself nor be configured again. */
import type { Configured, Description } from '../../../plugin-protocol/contract/base.ts';
import type { Kept } from '../transport/transport.ts';

interface Note {
  description?: Description;
  /** By instance: a digest of the configuration that it was given, and what it answered. */
  configured: Record<string, { digest: string; answer?: Configured }>;
}

export interface Notes {
  /** What the plugin said of itself when it was started. */
  description(): Description | undefined;
  described(description: Description): void;
  /** What an instance answered to this very configuration; undefined when it has not been given it. */
  configured(instance: string, config: object): { answer?: Configured } | undefined;
  configuredWith(instance: string, config: object, answer: Configured | undefined): void;
}

/** Without a keeper there is nothing to be found. */
export const createNotes = (kept: Kept | undefined, write: (note: Note) => void): Notes => {
  const note: Note = { configured: {}, ...(kept?.note as Partial<Note> | undefined) };
  const save = () => kept && write(note);
  return {
    description: () => note.description,
    described(description) {
      note.description = description;
      save();
    },
    configured(instance, config) {
      const known = kept && Object.hasOwn(note.configured, instance) ? note.configured[instance] : undefined;
      return known?.digest === kept?.seal(config) ? known : undefined;
    },
    configuredWith(instance, config, answer) {
      if (kept === undefined) return;
      note.configured[instance] = { digest: kept.seal(config), ...(answer && { answer }) };
      save();
    },
  };
};
