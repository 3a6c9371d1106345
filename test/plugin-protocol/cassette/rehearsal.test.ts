import { expect } from 'chai';
import { differenceText } from '../../../plugin-protocol/cassette/differences.ts';
import { readCassette } from '../../../plugin-protocol/cassette/format.ts';
import { type RehearsalOptions, type Rehearsed, rehearse } from '../../../plugin-protocol/cassette/rehearsal.ts';
import type { Message } from '../../../plugin-protocol/rpc/messages.ts';
import type { CallContext, Calls, CallsFactory } from '../../../sdk/typescript/plugin/calls.ts';
import { createSession } from '../../../sdk/typescript/plugin/session.ts';
import { createWatch } from '../../host/running-host.ts';
import { cloudOptions, demo, demoOptions, desk } from '../demo.ts';
import { conversationIn } from '../samples.ts';
import { answer, request } from './lines.ts';

describe('a cassette that is said again to a plugin', () => {
  const rehearseWith = async (
    text: string | undefined,
    factory: Calls | CallsFactory,
    fence = 'wire',
    more: Partial<RehearsalOptions> = {},
  ) => {
    const [name, options] = fence === 'wire' ? ['demo', demoOptions] : [fence.slice(5), cloudOptions];
    const heard = createWatch<Message>();
    const session = createSession(
      name,
      factory,
      options,
      (line) => heard.add(JSON.parse(line)),
      () => {},
    );
    const results: Rehearsed[] = [];
    const cassette = text === undefined ? conversationIn(fence) : readCassette(text);
    const different = await rehearse(
      cassette,
      {
        say: (message) => session.receive(JSON.stringify(message)),
        hear: (fits) =>
          Promise.race([heard.when(fits), session.idle().then(() => undefined)]).then(
            (message) => message ?? heard.all.find(fits),
          ),
      },
      { settings: { region: 'south' }, onRehearsed: (result) => results.push(result), ...more },
    );
    return { different, results };
  };

  it('is as recorded with the plugin of the samples of PROTOCOL.md', async () => {
    const { different, results } = await rehearseWith(undefined, demo);
    expect(results.flatMap(({ differences }) => differences.map(differenceText))).to.deep.equal([]);
    expect(different).to.equal(0);
    expect(results.map(({ what }) => what)).to.include.members(['describe', 'compute.start', '$/event vm.changed']);
  });

  it('is so with one that asks the host, too', async () => {
    const { results } = await rehearseWith(undefined, desk(), 'wire desk');
    expect(results.flatMap(({ differences }) => differences.map(differenceText))).to.deep.equal([]);
    expect(results.map(({ what }) => what)).to.include.members(['host.secret.get', 'host.state.put', 'host.lookup']);
  });

  it('shows where a plugin answers otherwise, and what it does not report', async () => {
    const changed = (): Calls => {
      const calls = demo();
      return {
        ...calls,
        'compute.start': async (params, { progress }) => {
          const silent = { progress, event: () => {} } as unknown as CallContext;
          return { ...(await calls['compute.start']!(params, silent)), state: 'paused' };
        },
      };
    };
    const { different, results } = await rehearseWith(undefined, changed);
    const wrong = results.filter(({ differences }) => differences.length > 0);
    expect(wrong.map(({ what, differences }) => [what, differences.map(differenceText)[0]])).to.deep.equal([
      ['compute.start', '/result/state: "running" was recorded, "paused" is there now'],
      [
        '$/event vm.changed',
        'the whole: {"instance":"kvm1","type":"vm.changed","vm":{"id":"vm-1","state":"running"}} was recorded, nothing is there now',
      ],
    ]);
    expect(different).to.equal(2);
  });

  it('has the settings of now in the place of hidden ones', async () => {
    const given: object[] = [];
    const factory: CallsFactory = (config) => {
      given.push(config);
      return demo();
    };
    const ctx = { v: 1, instance: 'one', logLevel: 'info' };
    const text = request(1, 'configure', { config: { region: '(hidden)' }, ctx }) + answer(1, {});
    await rehearseWith(text, factory);
    expect(given).to.deep.equal([{ region: 'south' }]);
  });

  it('has the secrets of now in the place of hidden ones, and names those that it does not know', async () => {
    const given: string[] = [];
    const unknown: string[] = [];
    const factory: CallsFactory = async (_, { host }) => {
      for (const name of ['token', 'other']) given.push(await host.secret(name));
      return demo();
    };
    const ctx = { v: 1, instance: 'one', logLevel: 'info' };
    const asks = (id: number, name: string) =>
      `<- ${JSON.stringify({ jsonrpc: '2.0', id, method: 'host.secret.get', params: { call: 9, name } })}\n` +
      `-> ${JSON.stringify({ jsonrpc: '2.0', id, result: { value: '(hidden)' } })}\n`;
    const text = request(9, 'configure', { config: {}, ctx }) + asks(1, 'token') + asks(2, 'other') + answer(9, {});
    await rehearseWith(text, factory, 'wire', { secrets: { token: 's3cret' }, onHidden: (name) => unknown.push(name) });
    expect(given).to.deep.equal(['s3cret', '(hidden)']);
    expect(unknown).to.deep.equal(['other']);
    const needy: Calls = {
      'compute.get': ({ vm }, { given: { secret } }) => {
        if (secret === undefined) return { need: { secret: ['token'] } };
        given.push(String(secret.token));
        return { id: vm, state: 'stopped' };
      },
    };
    const get = (id: number, more: object) =>
      request(id, 'compute.get', { vm: 'a', ctx: { ...ctx, accept: ['need'], ...more } });
    const asked = get(1, {}) + answer(1, { need: { secret: ['token'] } });
    const again = get(2, { given: { secret: { token: '(hidden)' } } }) + answer(2, { id: 'a', state: 'stopped' });
    const { different } = await rehearseWith(asked + again, needy, 'wire', { secrets: { token: 's3cret' } });
    expect([given.at(-1), different]).to.deep.equal(['s3cret', 0]);
  });
});
