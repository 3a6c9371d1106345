/** Section 16: what a plugin asks of the daemon. The check answers nothing of it, as a daemon may that keeps nothing. */
import type { Clause } from '../clause.ts';

export const asking: readonly Clause[] = [
  {
    clause: '16.1',
    asks: 'Requests of a plugin name a call that is under way.',
    host: 'The host refuses those that name none; a plugin harms itself alone.',
  },
  {
    clause: '16.2',
    asks: 'Secrets are asked for by name, and printed nowhere.',
    host: 'The host gives them; that none is printed is looked for with those of the configuration (6.1).',
  },
  { clause: '16.3', asks: 'The daemon keeps values.', host: 'It is the host that keeps them.' },
  { clause: '16.4', asks: 'The daemon holds locks.', host: 'It is the host that holds them.' },
  { clause: '16.5', asks: 'The daemon tells of its machines.', host: 'It is the host that tells.' },
  {
    clause: '16.6',
    asks: 'A call that needs something has done nothing yet.',
    unseen: 'What a call has done before it says what it needs cannot be told from what it does later.',
  },
];
