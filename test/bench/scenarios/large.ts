/** Small calls while what is long is read, over and over, against small calls alone: a call of 50 MB, and a plugin's list of 20,000 machines. */
import { join } from 'node:path';
import { type Daemon, inventoried, root, startDaemon } from '../daemon.ts';
import { load, probe, send } from '../load.ts';
import { median } from '../median.ts';
import type { Scenario } from '../scenario.ts';

const MiB = 1024 * 1024;
const items = 100_000;
const machines = 20_000;
const connections = 4;

type Run = Parameters<Scenario>[0];

/** How many times as long small calls take at the 99th percentile while `once` is done over and over. */
const stall = async (daemon: Daemon, once: () => Promise<unknown>, { pace, say }: Run): Promise<number> => {
  const small = daemon.xmlrpc('system.version');
  await load(small, connections, pace.warmUpSeconds);
  const ratios: number[] = [];
  for (let round = 1; round <= pace.rounds; round++) {
    const quiet = await load(small, connections, pace.seconds);
    let times = 0;
    let over = false;
    const doing = (async () => {
      for (; !over; times++) await once();
    })();
    const busy = await load(small, connections, pace.seconds);
    over = true;
    await doing;
    ratios.push(busy.p99 / quiet.p99);
    say(
      `round ${round}: p99 ${quiet.p99} µs alone, ${busy.p99} µs beside ${times} long ones, ${Math.round(busy.perSecond)}/s`,
    );
  }
  await daemon.stop();
  return median(ratios);
};

const longCall = async (run: Run): Promise<number> => {
  const daemon = await startDaemon({}, { limits: { http: { bodyBytes: 64 * MiB } } });
  // A list that is read to its end before it is found to be too long.
  const item = `<value><string>${'x'.repeat(470)}</string></value>`;
  const list = `<array><data>${item.repeat(items)}</data></array>`;
  const struct = `<struct><member><name>types</name><value>${list}</value></member></struct>`;
  const long = daemon.xmlrpc('event.poll', `<param><value>${struct}</value></param>`);
  const { body } = await probe(long, 'types must have');
  run.say(`it is answered: ${/<string>(.*)<\/string>/.exec(body)?.[1]}`);
  run.say(`the long call has ${(long.body.length / 1e6).toFixed(1)} MB`);
  const call = async () => {
    const { status } = await send(long);
    if (status !== 200) throw new Error(`The long call was answered ${status}.`);
  };
  return stall(daemon, call, run);
};

const longList = async (run: Run): Promise<number> => {
  const daemon = await startDaemon({ lab: { plugin: join(root, 'test/bench/labs/long.ts') } });
  await inventoried(daemon, machines);
  return stall(daemon, () => daemon.call('vm.list', { refresh: true, limit: 1 }), run);
};

export const large: Scenario = async (run) => ({
  'large-stall': { unit: 'x', ours: await longCall(run) },
  'long-list-stall': { unit: 'x', ours: await longList(run) },
});
