/** What happened to an operation, from every side. */
import { int, list, map, oneOf, optional, record, type Static, string, time } from '../../plugin-protocol/shape.ts';
import { Operation } from './resources.ts';

export const StoryEntry = record('StoryEntry', 'One thing that happened to an operation.', {
  time: time('When it happened.'),
  source: oneOf(['caller', 'daemon', 'plugin'], 'Whose doing it was.'),
  what: oneOf(
    [
      'asked',
      'stored',
      'resumed',
      'waiting',
      'sent',
      'answered',
      'failed',
      'found',
      'retry',
      'progress',
      'log',
      'event',
      'cancel',
      'left-out',
      'ended',
    ],
    'What it was. `resumed`: the daemon had been started again; `found`: what the plugin said became of a call that nobody knew the outcome of; `left-out`: lines that were too many to be kept.',
  ),
  message: string('What happened, as a sentence, or in the words of the plugin.', { maxLength: 65_536 }),
  call: optional(string('The call to the plugin that it belongs to.', { maxLength: 256 })),
  durationMs: optional(int('Milliseconds from when the call was sent.', { minimum: 0 })),
  data: map(
    'Details, such as `attempt`, `kind` and `outcome`; for administrators also `key`, `provider` and `remote`.',
  ),
});
export type StoryEntry = Static<typeof StoryEntry>;

export const Story = record('Story', 'What happened to an operation, from every side.', {
  operation: Operation,
  entries: list(StoryEntry, 'What happened, in order.', { maxItems: 1_000_000 }),
  advice: string('What to do next.', { maxLength: 4096 }),
});
export type Story = Static<typeof Story>;

export const exampleStory: Pick<Story, 'entries' | 'advice'> = {
  entries: [
    {
      time: '2026-01-31T12:00:00.000Z',
      source: 'caller',
      what: 'asked',
      message: 'alice asked for vm.start over xmlrpc.',
      data: { user: 'alice', frontend: 'xmlrpc' },
    },
    {
      time: '2026-01-31T12:00:01.500Z',
      source: 'plugin',
      what: 'answered',
      call: 'compute.start',
      message: 'compute.start was done.',
      durationMs: 1498,
      data: {},
    },
  ],
  advice: 'Nothing: it was carried out.',
};
