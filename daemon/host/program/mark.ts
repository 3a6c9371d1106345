/**
 * The mark by which what a plugin has started is found wherever it went (`plugin-protocol/reaper.ts`). A process that takes the
 * mark out of its environment is meant to outlive the plugin; a sandbox holds also those that are not meant to.
 */
import { open, readdir } from 'node:fs/promises';
import { markName } from '../../../plugin-protocol/reaper.ts';

/** So many are read at a time, each into the same bytes again: a buffer for each process would stay until garbage is collected. */
const lookers = 4;
const bufferBytes = 64 * 1024;

const environmentOf = async (pid: string, buffer: Buffer): Promise<string> => {
  const file = await open(`/proc/${pid}/environ`);
  try {
    let text = '';
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return text;
      text += buffer.toString('latin1', 0, bytesRead);
    }
  } finally {
    await file.close();
  }
};

const carries = async (pid: string, line: string, buffer: Buffer): Promise<boolean> => {
  try {
    return (await environmentOf(pid, buffer)).split('\0').includes(line);
  } catch {
    // It has ended, or belongs to somebody else.
    return false;
  }
};

/** The processes that carry a mark; none where there is no /proc. */
const marked = async (mark: string): Promise<number[]> => {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^[0-9]+$/.test(name));
  const found: number[] = [];
  const look = async () => {
    const buffer = Buffer.allocUnsafeSlow(bufferBytes);
    for (let pid = pids.pop(); pid !== undefined; pid = pids.pop()) {
      if (await carries(pid, `${markName}=${mark}`, buffer)) found.push(Number(pid));
    }
  };
  await Promise.all(Array.from({ length: lookers }, look));
  return found;
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
