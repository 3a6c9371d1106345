/** Section 16: what a plugin asks of the daemon. */

import type { Need } from '../../contract/host.ts';
import type { Kit } from '../bring-up/kit.ts';
import { tourOf } from '../evidence/tour.ts';
import { Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

/** The calls of the host that it has made on the tour. */
const asked = async (kit: Kit): Promise<string[]> => {
  const { conversation } = await tourOf(kit);
  return conversation.said.flatMap(({ id, method }) =>
    id !== undefined && id !== null && typeof method === 'string' ? [method] : [],
  );
};

const asks = async (kit: Kit): Promise<void> => {
  if ((await asked(kit)).length === 0) throw new Unclaimed('It asks the daemon for nothing.');
};

const asksForSecrets = async (kit: Kit): Promise<void> => {
  const { conversation } = await tourOf(kit);
  const isNeeded = conversation.said.some(({ result }) => (result as { need?: Need } | null | undefined)?.need?.secret);
  if (!isNeeded && !(await asked(kit)).includes('host.secret.get')) throw new Unclaimed('It asks for no secret.');
};

const needs = async (kit: Kit): Promise<void> => {
  const { conversation } = await tourOf(kit);
  if (!conversation.said.some(({ result }) => (result as { need?: unknown } | null | undefined)?.need !== undefined)) {
    throw new Unclaimed('It answers no call with need.');
  }
};

export const asking: readonly Clause[] = [
  {
    clause: '16.1',
    asks: 'It asks the host while a call is under way, and names that call.',
    probes: [probe('asks as it should', asks)],
  },
  {
    clause: '16.2',
    asks: 'Secrets that it asks for are logged nowhere.',
    probes: [probe('keeps the secrets that it was given', asksForSecrets)],
  },
  { clause: '16.3', asks: 'Values are kept by the daemon.', host: 'It is the host that keeps them.' },
  { clause: '16.4', asks: 'Names are locked by the daemon.', host: 'It is the host that holds the locks.' },
  { clause: '16.5', asks: 'Machines are looked up in the daemon.', host: 'It is the host that answers.' },
  {
    clause: '16.6',
    asks: 'need is answered alone, where ctx.accept has it, and what was needed is enough after 4 times.',
    probes: [probe('says what it needs', needs)],
  },
];
