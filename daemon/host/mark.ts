/**
 * The mark by which what a plugin has started is found wherever it went (`plugin-protocol/reaper.ts`). A process that takes the
 * mark out of its environment is meant to outlive the plugin; a sandbox holds also those that are not meant to.
 */
import { readdir, readFile } from 'node:fs/promises';
import { markName } from '../../plugin-protocol/reaper.ts';

const carries = async (pid: string, line: string): Promise<boolean> => {
  try {
    return (await readFile(`/proc/${pid}/environ`, 'latin1')).split('\0').includes(line);
  } catch {
    // It has ended, or belongs to somebody else.
    return false;
  }
};

/** The processes that carry a mark; none where there is no /proc. */
const marked = async (mark: string): Promise<number[]> => {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^[0-9]+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => ((await carries(pid, `${markName}=${mark}`)) ? [pid] : [])));
  return found.flat().map(Number);
};

/** Those that are started while others are killed are found in a later round; what forks faster than this is left. */
const rounds = 10;

/** SIGKILL to all that carry the mark. */
export const killMarked = async (mark: string): Promise<void> => {
  for (let round = 0; round < rounds; round++) {
    const pids = await marked(mark);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // ESRCH: it has ended meanwhile.
      }
    }
  }
};
