/** Small calls while what is long is read, over and over, against small calls alone: a call of 50 MB, one of one long value on each wire, and a plugin's list of 20,000 machines. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { besideServers, folder, processors, start } from '../children.ts';
import { type Daemon, inventoried, root, startDaemon } from '../daemon.ts';
import { load, type Request, send } from '../load.ts';
import { median } from '../median.ts';
import type { Scenario } from '../scenario.ts';

const MiB = 1024 * 1024;
const items = 100_000;
const machines = 20_000;
const connections = 4;

type Run = Parameters<Scenario>[0];

/** Work that has begun and is done over and over until it is ended; the answer is how often it was done. */
type Repeated = () => Promise<() => Promise<number>>;

/** How many times as long small calls take at the 99th percentile beside that work. */
const stall = async (daemon: Daemon, repeated: Repeated, { pace, say }: Run): Promise<number> => {
  const small = daemon.xmlrpc('system.version');
  await load(small, connections, pace.warmUpSeconds);
  const ratios: number[] = [];
  for (let round = 1; round <= pace.rounds; round++) {
    const quiet = await load(small, connections, pace.seconds);
    const ended = await repeated();
    const busy = await load(small, connections, pace.seconds);
    const times = await ended();
    ratios.push(busy.p99 / quiet.p99);
    say(
      `round ${round}: p99 ${quiet.p99} µs alone, ${busy.p99} µs beside ${times} long ones, ${Math.round(busy.perSecond)}/s`,
    );
  }
  await daemon.stop();
  return median(ratios);
};

/** In this process. */
const here =
  (work: () => Promise<unknown>): Repeated =>
  async () => {
    let times = 0;
    let over = false;
    const doing = (async () => {
      for (; !over; times++) await work();
    })();
    return async () => {
      over = true;
      await doing;
      return times;
    };
  };

/**
 * Sends a call that is read to its end and then refused, with these words; by a process that leaves the processor to the
 * small calls when they want it, which would otherwise wait for what sends and not for the daemon.
 */
const refused = async (long: Request, words: string, { say }: Run): Promise<Repeated> => {
  const { body, status } = await send(long);
  if (!body.includes(words)) throw new Error(`The long call was answered ${status}: ${body.slice(0, 300)}`);
  say(`the long call has ${(long.body.length / 1e6).toFixed(1)} MB, and is answered: ${sentence.exec(body)?.[1]}`);
  const { body: content, ...head } = long;
  const files = { head: join(folder, `long-${long.port}.json`), body: join(folder, `long-${long.port}.xml`) };
  writeFileSync(files.head, JSON.stringify(head));
  writeFileSync(files.body, content);
  const program = join(root, 'test/bench/over-and-over.ts');
  const command = ['nice', '-n', '19', process.execPath, program, files.head, files.body, String(status)];
  return async () => {
    const child = start(command, processors.load, 'pipe');
    // The first line says that it begins.
    let times = -1;
    child.stdout?.on('data', (lines: Buffer) => {
      times += lines.length / 2;
    });
    const closed = once(child, 'close');
    await once(child.stdout!, 'data');
    return async () => {
      child.kill('SIGTERM');
      const [code] = await closed;
      if (code !== 0) throw new Error(`What sends long calls ended with ${code}.`);
      return times;
    };
  };
};
const sentence = /<(?:string|faultstring)>([^<]*)</;

/** The parameter of `event.poll` that is a list of texts. */
const typesOf = (list: string): string =>
  `<param><value><struct><member><name>types</name><value><array><data>${list}</data></array></value></member></struct></value></param>`;

const longCall = async (run: Run): Promise<number> => {
  const daemon = await startDaemon({}, { limits: { http: { bodyBytes: 64 * MiB } } });
  const item = `<value><string>${'x'.repeat(470)}</string></value>`;
  const long = daemon.xmlrpc('event.poll', typesOf(item.repeat(items)));
  return stall(daemon, await refused(long, 'types must have', run), run);
};

/** As encoders write it, in lines: all that the default limits let in. */
const base64 = `${'QUJD'.repeat(19)}\n`.repeat(200_000);

const longValue: Record<'XML-RPC' | 'SOAP', (daemon: Daemon) => Request> = {
  'XML-RPC': (daemon) => daemon.xmlrpc('event.poll', typesOf(`<value><base64>${base64}</base64></value>`)),
  SOAP: (daemon) =>
    daemon.soap(
      'eventPoll',
      `<types><item xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:d="http://www.w3.org/2001/XMLSchema" i:type="d:base64Binary">${base64}</item></types>`,
    ),
};

const longText = async (wire: keyof typeof longValue, run: Run): Promise<number> => {
  const daemon = await startDaemon({});
  return stall(daemon, await refused(longValue[wire](daemon), 'types/0 must have at most', run), run);
};

const longList = async (run: Run): Promise<number> => {
  const daemon = await startDaemon({ lab: { plugin: join(root, 'test/bench/labs/long.ts') } });
  await inventoried(daemon, machines);
  return stall(
    daemon,
    here(() => daemon.call('vm.list', { refresh: true, limit: 1 })),
    run,
  );
};

const all: Scenario = async (run) => ({
  'large-stall': { unit: 'x', ours: await longCall(run) },
  'long-value-stall XML-RPC': { unit: 'x', ours: await longText('XML-RPC', run) },
  'long-value-stall SOAP': { unit: 'x', ours: await longText('SOAP', run) },
  'long-list-stall': { unit: 'x', ours: await longList(run) },
});

export const large: Scenario = (run) => besideServers(() => all(run));
