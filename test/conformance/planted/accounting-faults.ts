/** Mistakes of accounting: section 19. */
import { type Json, Refusal } from './cloud.ts';
import { alter, type Fault, replace } from './fault.ts';
import { entriesOf, write, written } from './people.ts';

/** Each entry is written so. */
const writes =
  (change: (entry: Json) => Json): Fault['plant'] =>
  (plugin) =>
    replace(plugin, 'accounting.record', (before) => (asked) => {
      const entries = entriesOf(asked).map((entry) => ({ ...entry, ...change(entry) }));
      return before({ ...asked, params: { ...asked.params, entries } });
    });

export const accountingFaults: Record<string, Fault> = {
  'writes that nobody has used anything': {
    clause: '19.1',
    says: /have an entry with account x in place of annelid-check-none, which it was told/,
    plant: writes(() => ({ seconds: 0, account: 'x' })),
  },
  'writes that somebody has used something': {
    clause: '19.1',
    says: /have an entry with account null in place of annelid-check-none/,
    plant: writes(() => ({ account: null })),
  },
  'takes seconds for minutes': {
    clause: '19.1',
    says: /have an entry with seconds 60\.0[0-9]+ in place of 3600\.5/,
    plant: writes(({ seconds }) => ({ seconds: Number(seconds) / 60 })),
  },
  'writes sizes in bytes': {
    clause: '19.1',
    says: /have an entry with memoryMiB 67108864 in place of 64/,
    plant: writes(({ memoryMiB }) => ({ memoryMiB: Number(memoryMiB) * 2 ** 20 })),
  },
  'writes times in a zone that it does not say': {
    clause: '19.1',
    says: /have an entry with began .* in place of/,
    plant: writes(({ began }) => ({
      began: new Date(Date.parse(String(began)) + 7_200_000).toISOString().replace('T', ' ').slice(0, 19),
    })),
  },
  'takes UTF-8 for Latin-1': {
    clause: '19.1',
    says: /have an entry with name .*ZÃ¼rich.* in place of .*Zürich/,
    plant: writes(({ name }) => ({ name: Buffer.from(String(name)).toString('latin1') })),
  },
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
