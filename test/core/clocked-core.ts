/** A core whose time the test moves. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UsageEntry } from '../../plugin-protocol/contract/accounting.ts';
import { type BenchOptions, cleanup, startCore } from '../support/core.ts';
import { ScriptedBackend } from '../support/scripted-backend.ts';

export const noon = Date.parse('2026-01-31T12:00:00Z');
export const hour = 3_600_000;
export const minute = 60_000;
export const time = (at: number) => new Date(at).toISOString();

export interface Page {
  items: UsageEntry[];
  next?: string;
}

/** A core whose time stands still until it is moved. */
export const start = async (context: Mocha.Context, more: Partial<BenchOptions<ScriptedBackend>> = {}, now = noon) => {
  const clock = { now };
  const backend = more.backend ?? new ScriptedBackend();
  const bench = await startCore(context, { backend, now: () => clock.now, ...more });
  const alice = bench.as('alice');
  const entries = async (params: object = {}) =>
    (await alice<Page>('usage.list', params as Record<string, unknown>)).items;
  return { ...bench, clock, alice, entries };
};

export const fileFor = async (context: Mocha.Context): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'annelid-usage-'));
  cleanup(context, () => rm(folder, { recursive: true }));
  return join(folder, 'store.db');
};
