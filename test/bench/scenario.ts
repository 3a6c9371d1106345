import type { Pace, Round, Say } from './contest.ts';

/** What was measured: in calls per second by contender and round, or as one figure of ours. */
export type Measured = { unit: string; speeds: Map<string, Round[]> } | { unit: string; ours: number };

/** Starts what it needs, measures, ends it, and answers its measurements by the names that budgets use. */
export type Scenario = (run: { pace: Pace; quick: boolean; say: Say }) => Promise<Record<string, Measured>>;
