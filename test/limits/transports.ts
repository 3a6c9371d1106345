/** The bounds of `limits.plugins` that are about how a plugin is reached and held. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createBacklog } from '../../daemon/host/keeper/backlog.ts';
import type { Limits } from '../../daemon/limits.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, gone, noopInstance, startHost } from '../host/running-host.ts';
import { counted, pause, pauseMs, timed, unsaid } from './bound.ts';

/** Connects so often, says a line each time where there is one, and resolves with what the log says of a limit. */
const visited = async (
  context: Mocha.Context,
  limits: Partial<Limits['plugins']>,
  visits: number,
  line: string,
): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'annelid-limit-'));
  const path = join(folder, 'door');
  const instance = noopInstance({}, { plugin: 'dial-in', token: 'right' });
  const { entries } = await startHost(context, [instance], limits, { listen: { addresses: [`unix:${path}`] } });
  const sockets: Socket[] = [];
  for (let visit = 0; visit < visits; visit += 1) {
    const socket = connect(path).on('error', () => {});
    sockets.push(socket);
    await once(socket, 'connect');
    if (line === '') continue;
    socket.resume().write(line);
    await new Promise((resolve) => socket.once('close', resolve));
  }
  await pause();
  for (const socket of sockets) socket.destroy();
  await rm(folder, { recursive: true });
  const words = entries.all.flatMap(({ message, facts: { reason } }) => [message, String(reason)]);
  return words.find((said) => said.includes('limits.plugins.'));
};

export const transports = {
  strangers: counted(3, (context, strangers) => visited(context, { strangers }, 3, '')),
  admitTimeoutMs: timed((context, admitTimeoutMs) => visited(context, { admitTimeoutMs }, 1, '')),
  refusals: counted(2, (context, refusals) => visited(context, { refusals }, 2, 'nothing\n')),
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
