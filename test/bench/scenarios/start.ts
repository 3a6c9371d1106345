/** From the start of the process to the first answered call, and what memory the daemon then takes. */
import { spawnSync } from 'node:child_process';
import { start as startChild, stop } from '../children.ts';
import { prepare, root, startDaemon } from '../daemon.ts';
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

const timesOf = async (bin: string, rounds: number, say: (text: string) => void): Promise<number[]> => {
  const { port, words } = await prepare({}, {}, bin);
  const times: number[] = [];
  // The first makes the store and the administrator; the others find them.
  for (let round = 0; round <= rounds; round++) {
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
  return times;
};

export const start: Scenario = async ({ quick, say }) => {
  const rounds = quick ? 3 : 10;
  const { status } = spawnSync(process.execPath, ['bin/build.ts', '.'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The package could not be built.');
  return {
    start: { unit: 'ms', ours: median(await timesOf('dist/bin/annelid.js', rounds, say)) },
    'start-sources': { unit: 'ms', ours: median(await timesOf('bin/annelid.js', rounds, say)) },
  };
};

export const memory: Scenario = async () => {
  const daemon = await startDaemon({});
  await daemon.call('system.health');
  const bytes = await daemon.metric('process_resident_memory_bytes');
  await daemon.stop();
  return { memory: { unit: 'MiB', ours: bytes / 1024 / 1024 } };
};
