import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createLink } from '../../daemon/host/link/link.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { type Check, compileCheck } from '../../plugin-protocol/check/compile.ts';
import {
  type BaseCall,
  BlobHandle,
  baseResults,
  Context,
  notifications,
  TaskHandle,
} from '../../plugin-protocol/contract/base.ts';
import { hostCalls, Need } from '../../plugin-protocol/contract/host.ts';
import { compute, contract } from '../../plugin-protocol/contract/index.ts';
import { interfaceVersions } from '../../plugin-protocol/contract/versions.ts';
import { type FaultRow, faults } from '../../plugin-protocol/faults.ts';
import { type Message, soleMember } from '../../plugin-protocol/rpc/messages.ts';
import { number, type Shape } from '../../plugin-protocol/shape.ts';
import { createSession } from '../../sdk/typescript/plugin/session.ts';
import { createWatch, faultOf, startHost, stopHosts } from '../host/running-host.ts';
import { clerk, cloud, cloudOptions, demo, demoOptions, desk, meterOptions } from './demo.ts';
import { conversationIn, protocolText, samplesIn } from './samples.ts';

interface Line {
  from: 'host' | 'plugin';
  message: Message & { params?: { ctx?: { blob?: object }; id?: number; call?: number } };
}
const linesIn = (fence: string) => conversationIn(fence).lines as Line[];
/** The plugins of the samples: what each line is said by. */
const plugins = [
  { name: 'demo', calls: demo, options: demoOptions, lines: linesIn('wire') },
  { name: 'cloud', calls: cloud(), options: cloudOptions, lines: linesIn('wire cloud') },
  { name: 'desk', calls: desk(), options: {}, lines: linesIn('wire desk') },
  // What the kit takes for long is short here.
  { name: 'parts', calls: desk(), options: { limits: { lineFromPlugin: 60 } }, lines: linesIn('wire parts') },
  { name: 'clerk', calls: clerk, options: { version: '3.1' }, lines: linesIn('wire clerk') },
  { name: 'meter', calls: {}, options: meterOptions, lines: linesIn('wire meter') },
];
const lines = plugins.flatMap((plugin) => plugin.lines);
const shapeFor = (method: string): Shape => {
  if (method in baseResults) return baseResults[method as BaseCall];
  return contract.get(method)?.result ?? number('What meter.read answers.');
};
const checkFor = (method: string): Check => {
  const lenient = (shape: Shape) => compileCheck(shape, { lenient: true });
  return (value) => {
    for (const [name, shape] of [
      ['task', TaskHandle],
      ['need', Need],
      ['blob', BlobHandle],
    ] as const) {
      const standing = soleMember(value, name);
      if (standing !== undefined) return lenient(shape)(standing);
    }
    return lenient(shapeFor(method))(value);
  };
};

describe('PROTOCOL.md', () => {
  it('has samples of every base call, every notification and an error', () => {
    const methods = new Set(lines.map(({ message }) => message.method));
    expect([...methods]).to.include.members([...Object.keys(baseResults), '$/progress', '$/event', '$/cancel']);
    expect(lines.some(({ message }) => message.error !== undefined)).to.equal(true);
  });

  for (const { name, calls, options, lines } of plugins)
    it(`shows what the TypeScript kit answers: ${name}`, async () => {
      const answers: Message[] = [];
      const said = createWatch<Message>();
      const session = createSession(
        name,
        calls,
        options,
        (line) => said.add(JSON.parse(line)),
        (error) => {
          throw error;
        },
      );
      for (const { from, message } of lines) {
        if (from === 'host') {
          session.receive(JSON.stringify(message));
          continue;
        }
        const place = answers.length;
        const answer = await said.when((candidate) => said.all.indexOf(candidate) === place);
        expect(answer).to.deep.equal(message);
        answers.push(answer);
      }
      expect(said.all).to.have.length(answers.length);
    });

  for (const { name, lines } of plugins)
    it(`shows what the host sends, and what it accepts: ${name}`, async () => {
      const sent = createWatch<Message>();
      const noise: string[] = [];
      const notified: unknown[] = [];
      const link = createLink({
        name,
        limits: defaultLimits.plugins,
        send: (written) => {
          for (const line of String(written).trim().split('\n')) sent.add(JSON.parse(line));
          return true;
        },
        onUnanswered: () => {},
        onNoise: (line, why) => noise.push(`${line} ${why}`),
        onNotification: (method) => notified.push(method),
        onRequest: async (method, params) => {
          const asked = lines.find(({ message }) => message.method === method && message.id === requested.at(-1));
          expect(params).to.deep.include({ ...asked!.message.params, call: ids.get(asked!.message.params!.call) });
          return lines.find(({ from, message }) => from === 'host' && message.id === asked!.message.id)!.message
            .result as object;
        },
      });
      const ids = new Map<unknown, unknown>();
      /** Ids of the plugin's own requests. */
      const requested: unknown[] = [];
      const calls = new Map<unknown, { outcome: Promise<unknown>; abort: AbortController; check: Check }>();
      let place = 0;
      for (const { from, message } of lines) {
        if (from === 'plugin' && message.method !== undefined && message.id !== undefined) {
          requested.push(message.id);
          const params = { ...message.params, call: ids.get(message.params!.call) };
          link.receive(JSON.stringify({ ...message, params }));
          continue;
        }
        if (from === 'plugin') {
          const id = ids.get(message.id ?? message.params?.id);
          link.receive(
            JSON.stringify(
              message.method
                ? { ...message, params: { ...message.params, ...(message.params?.id ? { id } : {}) } }
                : { ...message, id },
            ),
          );
          if (message.error) await faultOf(calls.get(message.id)!.outcome);
          else if (message.id !== undefined) {
            const result = await calls.get(message.id)!.outcome;
            expect(result).to.deep.equal(calls.get(message.id)!.check(message.result));
            if ((result as { proto?: object }).proto) link.described(result as Parameters<typeof link.described>[0]);
          }
          continue;
        }
        if (message.method === '$/cancel') calls.get(message.params?.id)?.abort.abort();
        else if (message.method !== undefined) {
          const abort = new AbortController();
          const method = message.method as string;
          const facts = { method, params: message.params!, check: checkFor(method), timeoutMs: 5000, mutates: false };
          const outcome = link.request({ ...facts, signal: abort.signal });
          outcome.catch(() => {});
          calls.set(message.id, { outcome, abort, check: facts.check });
        }
        const wanted = place++;
        const line = await sent.when((candidate) => sent.all.indexOf(candidate) === wanted);
        if (message.method === undefined) {
          expect(line).to.deep.equal(message);
          continue;
        }
        if (message.id !== undefined) ids.set(message.id, line.id);
        const expected =
          message.id === undefined
            ? { ...message, params: { ...message.params, id: ids.get(message.params?.id) } }
            : { ...message, id: line.id };
        expect(line).to.deep.equal(expected);
      }
      expect(noise).to.deep.equal([]);
      const events = lines.filter(({ message }) => message.method === '$/event');
      expect(notified).to.deep.equal(events.map(({ message }) => message.method));
    });

  it('shows only parameters that are right', () => {
    const seen = { requests: 0, notifications: 0 };
    for (const { message } of lines) {
      const { method, params = {} } = message;
      if (typeof method !== 'string') continue;
      const { ctx, ...rest } = params;
      if (ctx) compileCheck(Context)(ctx);
      if (method in notifications) {
        compileCheck(notifications[method as keyof typeof notifications])(params);
        seen.notifications++;
      } else if (method in hostCalls) {
        compileCheck(hostCalls[method as keyof typeof hostCalls].params as Shape)(params);
        seen.requests++;
      } else if (contract.has(method) && ctx?.blob === undefined) {
        compileCheck(contract.get(method)!.params)(rest);
        seen.requests++;
      }
    }
    expect(seen.requests).to.be.greaterThan(3);
    expect(seen.notifications).to.be.greaterThan(2);
  });

  it('lists every kind of fault with its numbers', () => {
    const rows = (Object.entries(faults) as [string, FaultRow][]).map(
      ([kind, { code, interop, doc }]) =>
        `| ${interop === undefined ? code : `${code}, ${interop}`} | \`${kind}\` | ${doc} |`,
    );
    expect(protocolText.replaceAll(/ +/g, ' ')).to.include(`\n${rows.join('\n')}\n`);
  });

  it('says the same defaults as the limits of the daemon', () => {
    const {
      lineToPlugin,
      lineFromPlugin,
      describeTimeoutMs,
      stopMs,
      cancelMs,
      restartMinMs,
      restartMaxMs,
      restartResetMs,
      eventPollMs,
      changeTimeoutMs,
      taskTimeoutMs,
      needs,
      hostRequests,
      stateBytes,
      blobBytes,
    } = defaultLimits.plugins;
    const flat = protocolText.replaceAll(/\s+/g, ' ');
    const versions = Object.entries(interfaceVersions).map(([name, version]) => `${name} ${version}`);
    for (const said of [
      `speaks ${versions.slice(0, -1).join(', ')} and ${versions.at(-1)}.`,
      `at most ${lineToPlugin / 2 ** 20} MiB, a line from the plugin at most ${lineFromPlugin / 2 ** 20} MiB`,
      `answered within ${describeTimeoutMs / 1000} seconds`,
      `${stopMs / 1000} seconds later the host sends SIGTERM`,
      `waits ${cancelMs / 1000} more seconds`,
      `after ${restartMinMs / 1000} seconds, doubled each time up to ${restartMaxMs / 1000} seconds`,
      `after ${restartResetMs / 1000} seconds of running`,
      `gives it up after ${changeTimeoutMs / 60_000} minutes, any task after ${taskTimeoutMs / 3_600_000} hours`,
      `which has what was needed until then, up to ${needs} times`,
      `up to ${hostRequests} are answered at a time`,
      `The host takes up to ${blobBytes / 2 ** 20} MiB`,
      `keeps up to ${stateBytes / 2 ** 20} MiB`,
      `every ${eventPollMs / 1000} seconds, between its calls`,
    ]) {
      expect(flat).to.include(said);
    }
  });

  describe('plugins without a library', () => {
    let folder: string;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'annelid-bare-'));
    });
    afterEach(async function () {
      await stopHosts(this);
      await rm(folder, { recursive: true });
    });

    for (const [language, end] of [
      ['python', 'py'],
      ['ruby', 'rb'],
      ['perl', 'pl'],
    ] as const) {
      it(`serves the program in ${language} as it stands`, async function () {
        const [program] = samplesIn(language);
        const path = join(folder, `plugin.${end}`);
        await writeFile(path, program!);
        const { backend } = await startHost(this, [{ id: 'ten', plugin: path, config: {} }]);
        expect(backend().status()).to.include({ state: 'ready', plugin: 'demo', version: '0.1' });
        expect(await backend().call(compute.list, {})).to.deep.equal({ items: [{ id: 'vm-1', state: 'running' }] });
        expect((await faultOf(backend().call(compute.get, { vm: 'x' }))).kind).to.equal('unsupported');
        expect(await backend().find('key', 'compute.start', {})).to.deep.equal({ outcome: 'unknown' });
      });
    }
  });
});
