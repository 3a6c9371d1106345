/** The bounds of `limits.plugins` that are about how a plugin is reached and held. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createBacklog } from '../../daemon/host/keeper/backlog.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, gone, startHost } from '../host/running-host.ts';
import { counted, pauseMs, timed, unsaid } from './bound.ts';

export const transports = {
  keepMs: unsaid(
    'There is no daemon to be told.',
    timed(async (context, keepMs) => {
      const keepers = await mkdtemp(join(tmpdir(), 'annelid-limit-'));
      const instance = bareInstance(`reply(m, { result: { id: String(process.pid), state: 'running' } });`, {
        keep: true,
      });
      const before = await startHost(context, [instance], { keepMs }, { keepers });
      const { id } = await before.backend().call(compute.get, { vm: 'x' });
      await before.host.stop(true);
      if (keepMs < pauseMs) await gone(Number(id));
      const after = await startHost(context, [instance], { keepMs }, { keepers });
      // It may have found the keeper as that was about to end.
      await after.statuses.when(({ state }) => state === 'ready');
      const { id: found } = await after.backend().call(compute.get, { vm: 'x' });
      await after.host.stop();
      await rm(keepers, { recursive: true });
      return found === id ? undefined : 'another one';
    }),
  ),
  keptBytes: unsaid(
    'The plugin waits.',
    counted(100, async (_context, keptBytes) => {
      const stream = new PassThrough();
      createBacklog(stream, keptBytes, false);
      stream.write(Buffer.alloc(100));
      await setImmediate();
      return stream.isPaused() ? 'paused' : undefined;
    }),
  ),
};
