/** The bounds of `limits.plugins`. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation } from '../../daemon/catalogue/resources.ts';
import { openControl } from '../../daemon/control/control.ts';
import { askWatch, droppedText } from '../../daemon/control/watch.ts';
import { createLink } from '../../daemon/host/link/link.ts';
import { defaultLimits, type Limits } from '../../daemon/limits.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { requestLine } from '../../plugin-protocol/rpc/messages.ts';
import { bareInstance, noopInstance, serialNoop, startHost } from '../host/running-host.ts';
import { makeCertificate } from '../support/certificates.ts';
import { silentLog, startCore } from '../support/core.ts';
import { seeded } from '../support/scripted-backend.ts';
import { type Bound, counted, pause, pauseMs, timed, unsaid } from './bound.ts';
import { exchange } from './exchange.ts';
import { hosted, wordsOf } from './hosted.ts';
import { life } from './plugin-life.ts';
import { transports } from './transports.ts';

const failing = async ({ backend }: Awaited<ReturnType<typeof startHost>>) => {
  const { state, message } = backend().status();
  return state === 'failing' ? message : undefined;
};

const slow = { delayMs: pauseMs };

const lineBytes = 2000;

/** Describes itself late. */
const late = `process.stdin.once('data', (line) => setTimeout(() => process.stdout.write(JSON.stringify({
  jsonrpc: '2.0', id: JSON.parse(line).id, result: { proto: [1], name: 'late', version: '1', methods: [] },
}) + '\\n'), ${pauseMs})); process.stdin.on('data', (line) => { for (const one of String(line).split('\\n').filter(Boolean)) {
  const { id, method } = JSON.parse(one);
  if (method !== 'describe') process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: {} }) + '\\n');
} }); process.stdin.on('end', () => process.exit());`;

/** Answers with a line of so many bytes. */
const answering = (bytes: number) => `
  const text = JSON.stringify({ jsonrpc: '2.0', id: m.id, result: { id: 'x', state: 'running', more: '' } });
  say(text.replace('"more":""', '"more":"' + 'n'.repeat(${bytes} - text.length) + '"') + '\\n');`;

/** Ends a while after its standard input has, and says so. */
const tidy = `process.stdin.on('end', () => setTimeout(() => { console.error('in order'); process.exit(); }, ${pauseMs}));`;
const bare = bareInstance('');
const tidyInstance = { ...bare, command: [process.execPath, '-e', `${bare.command!.at(-1)}\n${tidy}`] };

/** What one is told who watches a plugin that says a line of so many bytes. */
const watching = async (bytes: number, maxBytes: number): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'annelid-limit-'));
  const path = join(folder, 'control');
  const watch = (_connector: string, listener: (from: 'plugin', text: string) => void) => {
    listener('plugin', 'x'.repeat(bytes));
    return () => {};
  };
  const users = { users: () => [], hasUser: () => false, putUser: async () => {}, removeUser: async () => {} };
  const watchable = { watch, secretsOf: () => [] };
  const plugins = { watchable, maxBytes, reload: async () => [], forget: async () => {} };
  const server = await openControl(path, users, plugins, silentLog);
  try {
    for await (const said of askWatch(path, 'one', new AbortController().signal)) {
      return 'dropped' in said ? droppedText(said) : undefined;
    }
    throw new Error('Nothing was told.');
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
};

export const plugins: { [L in keyof Limits['plugins']]: Bound } = {
  ...exchange,
  lineToPlugin: counted(lineBytes, async (_context, lineToPlugin) => {
    const ignore = () => {};
    const link = createLink({
      name: 'one',
      limits: { ...defaultLimits.plugins, lineToPlugin },
      send: () => true,
      onUnanswered: ignore,
      onNoise: ignore,
      onNotification: ignore,
      onRequest: async () => ({}),
    });
    // The id of a message is random: of a hundred, some have all ten digits.
    const rest = lineBytes - requestLine(1_234_567_890, 'compute.get', { vm: '' }).length;
    const request = { method: 'compute.get', params: { vm: 'x'.repeat(rest) }, check: ignore, timeoutMs: 1000 };
    const calls = Array.from({ length: 100 }, () =>
      wordsOf(link.request({ ...request, mutates: false, urgent: true })),
    );
    link.close('is over', false);
    return (await Promise.all(calls)).find((words) => !words?.endsWith('is over.'));
  }),
  lineFromPlugin: counted(
    lineBytes,
    hosted('lineFromPlugin', bareInstance(answering(lineBytes)), ({ backend }) =>
      wordsOf(backend().call(compute.get, { vm: 'x' })),
    ),
  ),
  queued: counted(
    3,
    hosted('queued', serialNoop({ script: { 'compute.get': { delayMs: 20 } } }), async ({ backend }) => {
      const calls = Array.from({ length: 4 }, () => wordsOf(backend().call(compute.get, { vm: 'x' })));
      return (await Promise.all(calls)).find((words) => words !== undefined);
    }),
  ),
  connectTimeoutMs: timed(async (context, connectTimeoutMs) => {
    // It takes the connection and never says that it speaks TLS.
    const mute = createServer((socket) => setTimeout(() => socket.destroy(), 2 * pauseMs)).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const folder = await mkdtemp(join(tmpdir(), 'annelid-limit-'));
    const tls = makeCertificate(folder);
    const plugin = `tls://127.0.0.1:${port}`;
    const instance = noopInstance({}, { plugin, tls: { ...tls, ca: tls.cert } });
    const { statuses } = await startHost(context, [instance], { connectTimeoutMs });
    mute.close();
    await rm(folder, { recursive: true });
    // It is tried again at once, and then there is nobody any more.
    return statuses.all.find(({ message }) => message?.includes('that answers within'))?.message;
  }),
  describeTimeoutMs: timed(
    hosted('describeTimeoutMs', noopInstance({}, { command: [process.execPath, '-e', late] }), failing),
  ),
  configureTimeoutMs: timed(hosted('configureTimeoutMs', noopInstance({ script: { probe: slow } }), failing)),
  readTimeoutMs: timed(
    hosted('readTimeoutMs', noopInstance({ script: { 'compute.get': slow } }), ({ backend }) =>
      wordsOf(backend().call(compute.get, { vm: 'x' })),
    ),
  ),
  changeTimeoutMs: timed(
    hosted('changeTimeoutMs', noopInstance({ script: { 'compute.start': slow } }), ({ backend }) =>
      wordsOf(backend().call(compute.start, { vm: 'x' })),
    ),
  ),
  cancelMs: unsaid(
    'The deadline before it is what the caller set, and is told of.',
    timed(
      hosted('cancelMs', noopInstance({ script: { 'compute.get': slow } }), ({ backend }) =>
        wordsOf(backend().call(compute.get, { vm: 'x' }, { timeoutMs: 1 })),
      ),
    ),
  ),
  drainMs: unsaid(
    'The daemon ends.',
    timed(
      hosted(
        'drainMs',
        noopInstance({ script: { 'compute.get': slow, 'compute.list': {} } }),
        async (running) => {
          const words = wordsOf(running.backend().call(compute.get, { vm: 'x' }));
          await running.backend().call(compute.list, {});
          await running.host.stop();
          return words;
        },
        // What is drained no more may still be answered while the plugin ends.
        { stopMs: 1 },
      ),
    ),
  ),
  stopMs: unsaid(
    'The plugin is ended.',
    timed(
      hosted('stopMs', tidyInstance, async ({ host, entries }) => {
        await host.stop();
        return entries.all.some(({ message }) => message === 'in order') ? undefined : 'ended';
      }),
    ),
  ),
  ...life,
  ...transports,
  firstReadMs: unsaid(
    'What is known by then is answered.',
    timed(async (context, firstReadMs) => {
      const backend = seeded();
      backend.become('starting');
      const { as } = await startCore(context, { backend, limits: { plugins: { firstReadMs } } });
      // The password takes its time once.
      await as('root')('session.whoami');
      const listed = as('root')<{ items: object[] }>('vm.list');
      await pause();
      backend.become('ready');
      return (await listed).items.length === 0 ? 'nothing' : undefined;
    }),
  ),
  unknownAfterMs: unsaid(
    'The state of the machines tells.',
    timed(async (context, unknownAfterMs) => {
      const backend = seeded();
      const { as } = await startCore(context, { backend, limits: { plugins: { unknownAfterMs } } });
      await as('root')('vm.list', { refresh: true });
      backend.become('failing');
      await pause();
      const { state } = await as('root')<{ state: string }>('vm.get', { vm: 'web2' });
      return state === 'unknown' ? state : undefined;
    }),
  ),
  watchedBytes: counted(100, (_context, watchedBytes) => watching(100, watchedBytes)),
  schemas: counted(7, async (context, schemas) => {
    const backend = seeded();
    const list = { $ref: '#/$defs/list' };
    const params = {
      type: 'object',
      properties: { a: list, b: list },
      $defs: { list: { type: 'array', items: {} } },
    };
    backend.publishes = [{ service: 'meter', methods: [{ name: 'a', params }] }];
    const warned: string[] = [];
    const log = { ...silentLog, warn: (_facts: object, line: string) => warned.push(line) };
    const { core } = await startCore(context, { backend, log, limits: { plugins: { schemas } } });
    return core.services.has('meter') ? undefined : warned.join();
  }),
  published: counted(3, async (context, published) => {
    const backend = seeded();
    backend.publishes = [{ service: 'meter', methods: ['a', 'b', 'c'].map((name) => ({ name })) }];
    const warned: string[] = [];
    const log = { ...silentLog, warn: (_facts: object, line: string) => warned.push(line) };
    const { core } = await startCore(context, { backend, log, limits: { plugins: { published } } });
    return core.services.has('meter') ? undefined : warned.join();
  }),
  listed: counted(3, async (context, listed) => {
    const backend = seeded();
    backend.put({ id: 'n3', name: 'web3', state: 'running' });
    const { as } = await startCore(context, { backend, limits: { plugins: { listed } } });
    return wordsOf(as('root')('vm.list', { connector: 'lab', refresh: true }));
  }),
  reconcileSeconds: unsaid('It is a period.', {
    enough: 86_400,
    tooLittle: 1,
    use: async (context, reconcileSeconds) => {
      const backend = seeded();
      const { as } = await startCore(context, { backend, limits: { plugins: { reconcileSeconds } } });
      await as('root')('vm.list', { refresh: true });
      const { next } = await as('root')<{ next: string }>('event.poll');
      backend.put({ id: 'n3', name: 'web3', state: 'running' });
      const { events } = await as('root')<{ events: Operation[] }>('event.poll', {
        after: next,
        wait: 1.5,
        types: ['vm.created'],
      });
      return events.length === 0 ? undefined : 'read again';
    },
  }),
};
