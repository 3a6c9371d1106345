/** The plugin of `cloud.ts`; with the name of a fault, the one that has it. */
import { Plugin, run } from './cloud.ts';
import { faults } from './faults.ts';
import { addParts } from './parts.ts';
import { addPeople } from './people.ts';
import { addShelf } from './shelf.ts';

const plugin = new Plugin();
addParts(plugin);
addPeople(plugin);
addShelf(plugin);
const [, , name] = process.argv;
if (name !== undefined) faults[name]!.plant(plugin);
run(plugin);
