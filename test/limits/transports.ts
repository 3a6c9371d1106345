/** The bounds of `limits.plugins` that are about how a plugin is reached and held. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { HostOptions } from '../../daemon/host/index.ts';
import { createBacklog } from '../../daemon/host/keeper/backlog.ts';
import type { Limits } from '../../daemon/limits.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, gone, noopInstance, startHost } from '../host/running-host.ts';
import { makeCertificate, signCertificate } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import { counted, pause, pauseMs, timed, unsaid } from './bound.ts';

type Door = (folder: string) => Promise<{ listen: NonNullable<HostOptions['listen']>; come: () => Socket }>;

const unixDoor: Door = async (folder) => {
  const path = join(folder, 'door');
  return { listen: { addresses: [`unix:${path}`] }, come: () => connect(path) };
};
/** All who come show one certificate. */
const tlsDoor: Door = async (folder) => {
  const authority = makeCertificate(folder, 'ca-');
  const [own, plugin] = ['daemon', 'plugin'].map((name) => signCertificate(folder, name, authority));
  const [cert, key, ca] = [plugin!.cert, plugin!.key, authority.cert].map((file) => readFileSync(file));
  const port = await freePort();
  return {
    listen: { addresses: [`tls://localhost:${port}`], tls: { ...own!, ca: authority.cert } },
    come: () => connectTls({ host: 'localhost', port, cert, key, ca }),
  };
};

/** Connects so often, says a line each time where there is one, and resolves with what the log says of a limit. */
const visited = async (
  context: Mocha.Context,
  limits: Partial<Limits['plugins']>,
  visits: number,
  line: string,
  door = unixDoor,
): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'annelid-limit-'));
  const { listen, come } = await door(folder);
  const instance = noopInstance({}, { plugin: 'dial-in', token: 'right' });
  const { entries } = await startHost(context, [instance], limits, { listen });
  const sockets: Socket[] = [];
  for (let visit = 0; visit < visits; visit += 1) {
    const socket = come().on('error', () => {});
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
  refusals: counted(2, (context, refusals) => visited(context, { refusals }, 2, 'nothing\n', tlsDoor)),
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
