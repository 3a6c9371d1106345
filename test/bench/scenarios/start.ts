/** From the start of the process to the first answered call, and what memory the daemon then takes. */
import { start as startChild, stop } from '../children.ts';
import { prepare, startDaemon } from '../daemon.ts';
import { send } from '../load.ts';
import { median } from '../median.ts';
import type { Scenario } from '../scenario.ts';

const version = '<?xml version="1.0"?><methodCall><methodName>system.version</methodName></methodCall>';

const answers = async (port: number): Promise<boolean> => {
  try {
    const headers = { 'Content-Type': 'text/xml' };
    return (await send({ port, path: '/RPC2', headers, body: version })).body.includes('annelid');
  } catch {
    return false;
  }
};

export const start: Scenario = async ({ quick, say }) => {
  const { port, words } = await prepare({});
  const times: number[] = [];
  // The first makes the store and the administrator; the others find them.
  for (let round = 0; round <= (quick ? 3 : 10); round++) {
    const began = performance.now();
    const child = startChild(words);
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error('The daemon ended before it answered.');
    }
    const took = performance.now() - began;
    await stop(child);
    say(`start ${round}${round === 0 ? ', with a new store' : ''}: ${Math.round(took)} ms`);
    if (round > 0) times.push(took);
  }
  return { start: { unit: 'ms', ours: median(times) } };
};

export const memory: Scenario = async () => {
  const daemon = await startDaemon({});
  await daemon.call('system.health');
  const bytes = await daemon.metric('process_resident_memory_bytes');
  await daemon.stop();
  return { memory: { unit: 'MiB', ours: bytes / 1024 / 1024 } };
};
