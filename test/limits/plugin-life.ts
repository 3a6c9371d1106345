/** The bounds of `limits.plugins` that are about crashes and what comes of them. */
import { createBackoff } from '../../daemon/host/backoff.ts';
import { createQuarantine } from '../../daemon/host/instance/quarantine.ts';
import { createCrashes } from '../../daemon/host/lifecycle/crashes.ts';
import { defaultLimits, type Limits } from '../../daemon/limits.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance } from '../host/running-host.ts';
import { silentLog } from '../support/core.ts';
import { type Bound, counted, pauseMs, timed, unsaid } from './bound.ts';
import { hosted, wordsOf } from './hosted.ts';

/** Ends with each `compute.start`. */
const fatal = bareInstance(`if (m.method === 'compute.start') process.exit(1);
  reply(m, { result: { id: m.params.vm, state: 'running' } });`);

export const life = {
  restartMinMs: unsaid(
    'It is a pause.',
    counted(100, async (_context, restartMinMs) => {
      const { next } = createBackoff({ restartMinMs, restartMaxMs: 1000 }, () => 0);
      return next() < 100 ? 'sooner' : undefined;
    }),
  ),
  restartMaxMs: unsaid(
    'It is a pause.',
    counted(100, async (_context, restartMaxMs) => {
      const { next } = createBackoff({ restartMinMs: 60, restartMaxMs }, () => 0);
      next();
      return next() < 100 ? 'sooner' : undefined;
    }),
  ),
  restartResetMs: unsaid('It is a pause.', {
    // With enough, a plugin that has run for a while counts as one that crashes at once: the pauses grow.
    enough: 1_000_000,
    tooLittle: 1,
    use: hosted(
      'restartResetMs',
      bareInstance('process.exit(1);'),
      async ({ backend, entries, statuses }) => {
        const pauses = () => entries.all.flatMap(({ facts }) => (typeof facts.ms === 'number' ? [facts.ms] : []));
        for (let restarts = 1; restarts <= 3; restarts += 1) {
          await wordsOf(backend().call(compute.get, { vm: 'x' }));
          await statuses.when((status) => status.state === 'ready' && status.restarts === restarts);
        }
        // Less than doubled is the shortest again: chance takes at most a quarter away.
        return pauses()[2]! > 20 ? undefined : 'again';
      },
      { restartMinMs: 10, restartMaxMs: 1_000_000 },
    ),
  }),
  crashes: unsaid(
    'The state of the connector says it to operators; callers cannot do anything about it.',
    counted(
      2,
      hosted('crashes', fatal, async (running) => {
        await wordsOf(running.backend().call(compute.start, { vm: 'x' }));
        await running.statuses.when(({ state }) => state === 'failing');
        const { message = '' } = running.backend().status();
        return message.includes('limits.plugins.crashes') ? message : undefined;
      }),
    ),
  ),
  crashWindowMs: unsaid('It is a period.', {
    // Crashes that are far apart are none too many.
    enough: 1,
    tooLittle: 100_000,
    use: async (_context, crashWindowMs) => {
      let time = 0;
      const crashes = createCrashes({ ...defaultLimits.plugins, crashWindowMs, crashes: 2 }, { now: () => time });
      for (const moment of [10, 20]) {
        time = moment;
        crashes.ended(1);
      }
      return crashes.isSlow ? 'slow' : undefined;
    },
  }),
  slowRestartMs: unsaid(
    'It is a pause.',
    counted(100, async (_context, slowRestartMs) => {
      const crashes = createCrashes({ ...defaultLimits.plugins, slowRestartMs, crashes: 1 }, Date);
      return crashes.ended(1) < 100 ? 'sooner' : undefined;
    }),
  ),
  quarantineCrashes: counted(
    3,
    hosted('quarantineCrashes', fatal, async (running) => {
      const start = () => wordsOf(running.backend().call(compute.start, { vm: 'x' }));
      for (let restarts = 1; restarts <= 2; restarts += 1) {
        await start();
        await running.statuses.when((status) => status.state === 'ready' && status.restarts === restarts);
      }
      const words = await start();
      return words?.includes('is held back') ? words : undefined;
    }),
  ),
  quarantineMs: {
    // With enough of it, it is over by the time of the next call.
    enough: 10,
    tooLittle: 11,
    use: async (_context, quarantineMs) => {
      let time = 0;
      const clock = { now: () => time };
      const limits = { quarantineCrashes: 1, quarantineMs };
      const quarantine = createQuarantine('one', limits, silentLog, clock);
      const call = { method: 'compute.get', params: { vm: 'x' }, key: undefined, mutates: false };
      quarantine.blame(call, {});
      time = 10;
      try {
        quarantine.check(call);
        return undefined;
      } catch (fault) {
        return (fault as Error).message;
      }
    },
  },
  awayMs: unsaid(
    'The state of the connector is told, with why it is away.',
    timed(
      hosted(
        'awayMs',
        fatal,
        async (running) => {
          await wordsOf(running.backend().call(compute.start, { vm: 'x' }));
          return wordsOf(running.backend().call(compute.get, { vm: 'y' }));
        },
        { restartMinMs: pauseMs, restartMaxMs: pauseMs },
      ),
    ),
  ),
} satisfies { [L in keyof Limits['plugins']]?: Bound };
