/** Mistakes of accounting: section 19. */
import { type Json, Refusal } from './cloud.ts';
import { alter, type Fault, replace } from './fault.ts';

const entriesOf = ({ entries }: Json) => entries as { id: string }[];

export const accountingFaults: Record<string, Fault> = {
  'takes few entries at once': {
    clause: '19.1',
    says: /accounting\.record fails with 413/,
    plant: (plugin) =>
      replace(plugin, 'accounting.record', () => ({ params }) => {
        if (entriesOf(params).length > 100) throw new Refusal(413, 'too-large', 'These are too many.');
        return {};
      }),
  },
  'needs what may be left out': {
    clause: '19.1',
    says: /accounting\.record fails with 400/,
    plant: (plugin) =>
      replace(plugin, 'accounting.record', () => ({ params }) => {
        if (entriesOf(params).some((entry) => !('vcpus' in entry)))
          throw new Refusal(400, 'invalid-params', 'vcpus is missing.', { field: '/entries/0/vcpus' });
        return {};
      }),
  },
  'takes an entry that it knows for a mistake': {
    clause: '19.2',
    says: /An entry that comes again at once fails with 409/,
    plant(plugin) {
      const known = new Set<string>();
      replace(plugin, 'accounting.record', () => ({ params }) => {
        for (const { id } of entriesOf(params)) {
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
};
