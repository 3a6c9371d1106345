import { expect } from 'chai';
import { differenceText, Matching } from '../../../plugin-protocol/cassette/differences.ts';
import { CassetteError, cassetteHead, cassetteLine, readCassette } from '../../../plugin-protocol/cassette/format.ts';
import { createPlayer } from '../../../plugin-protocol/cassette/player.ts';
import { createRedactor } from '../../../plugin-protocol/cassette/redaction.ts';
import type { Message } from '../../../plugin-protocol/rpc/messages.ts';
import { conversationIn } from '../samples.ts';
import { answer, request } from './lines.ts';

describe('a cassette', () => {
  it('is read as it was written, also what is no message and has line breaks in it', () => {
    const text =
      cassetteHead('a session') +
      request(1, 'describe') +
      cassetteLine('noise', 'Hello\nthere') +
      cassetteLine('error', 'Warning: slow') +
      '# volatile: created, /items/0/x\n' +
      answer(1, {});
    const { lines, volatile } = readCassette(text);
    expect(lines.map(({ from, text, line }) => [from, line, text.slice(0, 14)])).to.deep.equal([
      ['host', 3, '{"jsonrpc":"2.'],
      ['noise', 4, 'Hello\\nthere'],
      ['error', 5, 'Warning: slow'],
      ['plugin', 7, '{"jsonrpc":"2.'],
    ]);
    expect(volatile).to.deep.equal(['created', '/items/0/x']);
  });

  for (const [what, line, words] of [
    ['a line without a mark', 'hello', 'begins with none of ->, <-, 2>, !! and #'],
    ['what is no JSON', '-> {', 'is no JSON'],
    ['JSON that is no message', '<- {"id":1}', 'is no message'],
    ['another version', '# annelid cassette 2', 'is of another version than 1'],
  ] as const) {
    it(`names ${what} by its place`, () => {
      expect(() => readCassette(`\n${line}\n`, 'my.cassette')).to.throw(
        CassetteError,
        `my.cassette:2: the line ${words}`,
      );
    });
  }
});

describe('secrets in a cassette', () => {
  const line = (message: object) => JSON.stringify({ jsonrpc: '2.0', ...message });

  it('are hidden where they are given, and wherever they turn up from then on', () => {
    const redactor = createRedactor(['by-place']);
    const config = {
      password: 'hunter22',
      user: 'ann',
      nested: { apiKey: 'k3yk3y', url: 'by-place' },
      tokens: ['abcd1'],
    };
    const configure = redactor.line(line({ id: 1, method: 'configure', params: { config } }));
    expect(JSON.parse(configure).params.config).to.deep.equal({
      password: '(hidden)',
      user: 'ann',
      nested: { apiKey: '(hidden)', url: '(hidden)' },
      tokens: ['(hidden)'],
    });
    const said = { url: 'https://ann:hunter22@cloud/', base64: Buffer.from('hunter22').toString('base64'), ann: 'ann' };
    expect(JSON.parse(redactor.line(line({ id: 1, result: said }))).result).to.deep.equal({
      url: 'https://ann:(hidden)@cloud/',
      base64: '(hidden)',
      ann: 'ann',
    });
    expect(redactor.line('trace: login(k3yk3y)')).to.equal('trace: login((hidden))');
  });

  it('are members by their name, in whatever is said', () => {
    const redactor = createRedactor();
    const said = { session_token: 't', privateKey: 5, credentials: { user: 'a' } };
    expect(JSON.parse(redactor.line(line({ id: 1, result: said }))).result).to.deep.equal({
      session_token: '(hidden)',
      privateKey: '(hidden)',
      credentials: { user: 'a' },
    });
  });

  it('are what a plugin asks the host for, and what a call is given', () => {
    const redactor = createRedactor();
    redactor.line(line({ id: 5, method: 'host.secret.get', params: { call: 1, name: 'pin' } }));
    expect(JSON.parse(redactor.line(line({ id: 5, result: { value: '987654' } }))).result).to.deep.equal({
      value: '(hidden)',
    });
    const ctx = { given: { secret: { pin: '123456' }, state: { seen: { value: 'x', version: 1 } } } };
    expect(JSON.parse(redactor.line(line({ id: 6, method: 'a.b', params: { ctx } }))).params.ctx.given).to.deep.equal({
      secret: { pin: '(hidden)' },
      state: { seen: { value: 'x', version: 1 } },
    });
    expect(redactor.line('987654 and 123456')).to.equal('(hidden) and (hidden)');
    const part = { id: 7, result: { data: Buffer.from('{"note":"of 987654"}').toString('base64'), end: true } };
    expect(JSON.parse(redactor.line(line(part))).result).to.deep.equal({ data: '(hidden)', end: true });
  });

  it('that are short are hidden as whole values, and leave other text alone', () => {
    const redactor = createRedactor();
    redactor.line(line({ id: 1, method: 'configure', params: { config: { pin: 'a', password: 'a' } } }));
    const result = { one: 'a', other: 'a banana' };
    expect(JSON.parse(redactor.line(line({ id: 2, result }))).result).to.deep.equal({
      one: '(hidden)',
      other: 'a banana',
    });
  });
});

describe('what was recorded and what is there now', () => {
  const differ = (recorded: unknown, found: unknown, volatile: string[] = []) =>
    new Matching('plugin', volatile).differences(recorded, found).map(differenceText);

  it('are the same but for times, ids and what is declared', () => {
    const recorded = { id: 'vm-1', created: '2026-01-01T00:00:00Z', load: 3, state: 'running', name: null };
    const found = { id: 'vm-9', created: '2026-02-02T00:00:00.000Z', load: 4, state: 'running' };
    expect(differ(recorded, found, ['load'])).to.deep.equal([]);
    expect(differ(recorded, found)).to.deep.equal(['/load: 3 was recorded, 4 is there now']);
    expect(differ(recorded, found, ['/load'])).to.deep.equal([]);
  });

  it('differ by members, each named by its place', () => {
    expect(differ({ a: { b: [1, 2] }, c: 1 }, { a: { b: [1] }, d: true })).to.deep.equal([
      '/a/b/1: 2 was recorded, nothing is there now',
      '/c: 1 was recorded, nothing is there now',
      '/d: nothing was recorded, true is there now',
    ]);
    expect(differ({ a: 1 }, 7)).to.deep.equal(['the whole: {"a":1} was recorded, 7 is there now']);
  });

  it('have an id for an id, everywhere and in text', () => {
    const matching = new Matching('plugin');
    expect(matching.differences({ id: 'vm-recorded' }, { id: 'vm-now' })).to.deep.equal([]);
    expect(matching.current({ vm: 'vm-recorded', note: 'of vm-recorded.' })).to.deep.equal({
      vm: 'vm-now',
      note: 'of vm-now.',
    });
    expect(matching.differences({ id: 'vm-recorded' }, { id: 'vm-other' })).to.have.length(1);
    expect(matching.differences({ id: 'vm-second' }, { id: 'vm-now' })).to.have.length(1);
  });

  it('have items of lists in any order where these have ids', () => {
    const [a, b] = [
      { id: 'a', state: 'running' },
      { id: 'b', state: 'stopped' },
    ];
    expect(differ({ items: [a, b] }, { items: [b, a] })).to.deep.equal([]);
    expect(differ({ items: [a, b] }, { items: [{ ...b, state: 'paused' }, a] })).to.deep.equal([
      '/items/0/state: "stopped" was recorded, "paused" is there now',
    ]);
  });
});

const playerOf = (text: string) => {
  const said: Message[] = [];
  const errors: string[] = [];
  const player = createPlayer(readCassette(text), {
    line: (line) => said.push(JSON.parse(line)),
    error: (line) => errors.push(line),
  });
  const ask = (id: number, method: string, params: object = {}) => {
    const before = said.length;
    player.receive(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return said.slice(before);
  };
  return { ask, errors, player, said };
};

describe('a cassette that is played as a plugin', () => {
  for (const fence of ['wire', 'wire cloud', 'wire desk', 'wire parts', 'wire meter', 'wire clerk']) {
    it(`says what the samples of PROTOCOL.md say: ${fence}`, () => {
      const cassette = conversationIn(fence);
      const said: Message[] = [];
      const player = createPlayer(cassette, { line: (line) => said.push(JSON.parse(line)), error: () => {} });
      for (const { from, text } of cassette.lines) if (from === 'host') player.receive(text);
      expect(said).to.deep.equal(cassette.lines.filter(({ from }) => from === 'plugin').map(({ message }) => message));
    });
  }

  it('has the ids of the host of now in its answers', () => {
    const { ask } = playerOf(
      request(7, 'compute.create', { id: 'recorded', name: 'web1', ctx: { v: 1, key: 'k1', instance: 'one' } }) +
        `<- ${JSON.stringify({ jsonrpc: '2.0', method: '$/progress', params: { id: 7, percent: 5 } })}\n` +
        '2> Making recorded.\n' +
        answer(7, { id: 'recorded', key: 'k1', state: 'stopped' }),
    );
    const ctx = { v: 1, key: 'now', instance: 'two', timeoutMs: 1 };
    expect(ask(99, 'compute.create', { id: 'new-id', name: 'web1', ctx })).to.deep.equal([
      { jsonrpc: '2.0', method: '$/progress', params: { id: 99, percent: 5 } },
      { jsonrpc: '2.0', id: 99, result: { id: 'new-id', key: 'now', state: 'stopped' } },
    ]);
  });

  it('answers calls in the order in which they were recorded, and those that come again as at last', () => {
    const { ask } = playerOf(
      request(1, 'compute.get', { vm: 'a' }) +
        answer(1, { id: 'a', state: 'stopped' }) +
        request(2, 'compute.get', { vm: 'a' }) +
        answer(2, { id: 'a', state: 'running' }),
    );
    const states = [1, 2, 3].map((id) => (ask(id, 'compute.get', { vm: 'a' })[0]!.result as { state: string }).state);
    expect(states).to.deep.equal(['stopped', 'running', 'running']);
  });

  it('refuses what was not recorded, and says what is nearest', () => {
    const { ask } = playerOf(request(1, 'compute.get', { vm: 'a' }) + answer(1, { id: 'a', state: 'stopped' }));
    expect(ask(1, 'compute.get', { vm: 'b' })[0]!.error).to.deep.equal({
      code: -32602,
      message:
        'The cassette has no such call of compute.get. The nearest is at line 1: /vm: "a" was recorded, "b" is there now.',
    });
    expect((ask(2, 'compute.list')[0]!.error as { message: string }).message).to.equal(
      'The cassette has no call of compute.list.',
    );
    expect(ask(3, 'probe')[0]!.error).to.include({ code: -32601 });
    expect(ask(4, 'echo')[0]!.error).to.include({ code: -32601 });
  });

  it('asks what it asked, of the call that is made now, and goes on with the answer', () => {
    const asks = { jsonrpc: '2.0', id: 1, method: 'host.state.get', params: { call: 7, key: 'k' } };
    const { ask, player, said } = playerOf(
      request(7, 'compute.start', { vm: 'a' }) +
        `<- ${JSON.stringify(asks)}\n-> ${JSON.stringify({ jsonrpc: '2.0', id: 1, result: { version: 0 } })}\n` +
        answer(7, { id: 'a', state: 'running' }),
    );
    expect(ask(99, 'compute.start', { vm: 'a' })).to.deep.equal([{ ...asks, params: { call: 99, key: 'k' } }]);
    player.receive(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { version: 3 } }));
    expect(said.slice(1)).to.deep.equal([{ jsonrpc: '2.0', id: 99, result: { id: 'a', state: 'running' } }]);
  });

  it('takes nothing that is no request for one', () => {
    const { player, said } = playerOf(request(1, 'describe') + answer(1, {}));
    for (const line of [
      '',
      'hello',
      '[]',
      '{"jsonrpc":"2.0","id":1,"result":{}}',
      '{"jsonrpc":"2.0","method":"$/cancel"}',
    ]) {
      player.receive(line);
    }
    expect(said).to.deep.equal([]);
  });
});
