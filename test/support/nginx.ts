/** nginx in front of a daemon, as operators put it there: with its defaults, or with words of its own for where it leads. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathWithSbin } from '../setup/packages.ts';
import { until } from './daemon.ts';
import { freePort } from './free-port.ts';

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('connect', () => socket.destroy()).once('error', () => resolve(false));
  });

/** Resolves once it takes connections; `close` ends it. */
export const startProxy = async (
  target: string,
  locations = `location / { proxy_pass ${target}; }`,
): Promise<{ url: string; close: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'annelid-nginx-'));
  const port = await freePort();
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `${what}_temp_path ${folder}/${what};`,
  );
  const config = `
    daemon off; pid ${folder}/pid; error_log ${folder}/errors; worker_processes 1;
    events {}
    http {
      access_log off; ${kept.join(' ')}
      server { listen 127.0.0.1:${port}; ${locations} }
    }`;
  await mkdir(join(folder, 'logs'));
  await writeFile(join(folder, 'nginx.conf'), config);
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    env: { ...process.env, PATH: pathWithSbin },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await until(() => answers(port));
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
