/** `manifest.json` in the folder of a plugin. */
import { any, list, map, optional, record, type Static, string } from './shape.ts';

const plain = (description: string) => optional(any(description, { 'x-plain': true }));

export const CheckFacts = record('CheckFacts', 'What `annelid plugin check` needs to know.', {
  config: plain('A configuration that does no harm; `{scratch}` in its text is a folder that is removed afterwards.'),
  create: plain('Parameters of `compute.create` that the backend needs, such as an image.'),
  secrets: optional(map('What `host.secret.get` answers, by name.')),
  slow: optional(string('A call of a running machine that takes a moment.', { maxLength: 128 })),
});
export type CheckFacts = Static<typeof CheckFacts>;

export const Manifest = record('Manifest', 'What is in the folder of a plugin.', {
  name: string('Its name.', { minLength: 1, maxLength: 64 }),
  version: string('Its version.', { maxLength: 64 }),
  summary: optional(string('What it is, in one line.', { maxLength: 256 })),
  run: list(string('A word.'), 'The command; `node` is the node that runs the daemon.', { maxItems: 64 }),
  check: optional(CheckFacts),
});
export type Manifest = Static<typeof Manifest>;
