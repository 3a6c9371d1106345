/** Mistakes of accounting: section 19. */
import { Refusal } from './cloud.ts';
import { alter, type Fault, replace } from './fault.ts';
import { entriesOf, write, written } from './people.ts';

export const accountingFaults: Record<string, Fault> = {
  'takes few entries at once': {
    clause: '19.1',
    says: /accounting\.record fails with 413/,
    plant: (plugin) =>
      replace(plugin, 'accounting.record', () => (asked) => {
        if (entriesOf(asked).length > 100) throw new Refusal(413, 'too-large', 'These are too many.');
        return {};
      }),
  },
  'needs what may be left out': {
    clause: '19.1',
    says: /accounting\.record fails with 400/,
    plant: (plugin) =>
      replace(plugin, 'accounting.record', () => (asked) => {
        if (entriesOf(asked).some((entry) => !('vcpus' in entry)))
          throw new Refusal(400, 'invalid-params', 'vcpus is missing.', { field: '/entries/0/vcpus' });
        return {};
      }),
  },
  'takes an entry that it knows for a mistake': {
    clause: '19.2',
    says: /An entry that comes again at once fails with 409/,
    plant(plugin) {
      const known = new Set<string>();
      replace(plugin, 'accounting.record', () => (asked) => {
        for (const { id } of entriesOf(asked)) {
          if (known.has(id)) throw new Refusal(409, 'exists', 'It has that entry.');
          known.add(id);
        }
        return {};
      });
    },
  },
  'refuses what it was not told': {
    clause: '19.3',
    says: /refuses another, which was not among/,
    plant: (plugin) => alter(plugin, 'accounting.record', () => ({ refused: [{ id: 'another', message: 'No.' }] })),
  },
  'refuses what it has written': {
    clause: '19.3',
    says: /refuses an entry, and has it in its books/,
    plant: (plugin) =>
      alter(plugin, 'accounting.record', (_, asked) => ({
        refused: entriesOf(asked).map(({ id }) => ({ id, message: 'There is no such account.' })),
      })),
  },
  'answers for entries before they are written': {
    clause: '19.1',
    says: /10 of 10 entries are not in its books, {scratch}\/books,/,
    plant: (plugin) =>
      replace(plugin, 'accounting.record', (before) => (asked) => {
        setTimeout(() => before(asked), 1000);
        return {};
      }),
  },
  'counts an entry for each time that it comes': {
    clause: '19.2',
    says: /entries are in its books [2-9] times/,
    plant: (plugin) =>
      replace(plugin, 'accounting.record', () => (asked) => {
        write(plugin, asked, new Set());
        return {};
      }),
  },
  'forgets with its process which entries it has': {
    clause: '19.2',
    says: /Killed again and again while it was told, .* entries are in its books [2-9] times/,
    plant(plugin) {
      const known = new Set<string>();
      replace(plugin, 'accounting.record', () => (asked) => {
        write(plugin, asked, known);
        return {};
      });
    },
  },
  'reads once which entries it has, and lets another process run beside it': {
    clause: '19.2',
    says: /Told to two processes in turns, .* entries are in its books 2 times/,
    plant(plugin) {
      delete plugin.description.processes;
      let known: Set<string>;
      replace(plugin, 'probe', (before) => (asked) => {
        known = new Set(written(plugin, asked));
        return before(asked);
      });
      replace(plugin, 'accounting.record', () => (asked) => {
        write(plugin, asked, known);
        return {};
      });
    },
  },
};
