import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { parseTyped } from '../../daemon/cli/inspect-words.ts';
import { Inspector, type Screen } from '../../daemon/cli/inspector.ts';
import { openConversation } from '../../daemon/kit/conversation.ts';
import { root, runAnnelid } from '../support/annelid.ts';
import { daemonsOfSuite } from '../support/daemon.ts';

const noop = join(root, 'plugins/noop');

describe('annelid plugin inspect', function () {
  this.timeout(60_000);
  let folder: string;
  const at = (name: string) => join(folder, name);
  const run = (words: string[], input = '') => runAnnelid(['plugin', ...words], { directory: folder, input });
  const settings = (script: object, more = {}) => ['--config', JSON.stringify({ script, ...more })];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-inspect-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('answers on standard output, and shows beside it what else the plugin says, with times', async () => {
    const script = {
      'compute.start': {
        noise: 'a stray print\n',
        stderr: 'something odd',
        log: 'Booting.',
        progress: { percent: 40, message: 'Half.' },
        event: { type: 'vm.deleted', id: 'gone' },
      },
    };
    const { code, out, err } = await run([
      'inspect',
      noop,
      ...settings(script),
      '--call',
      'compute.start vm=a paused=true',
    ]);
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.deep.equal({ id: 'a', state: 'paused' });
    expect(err).to.match(/^noop 0\.1\.0: \d+ methods, concurrency 64, .* \(describe took [\d.]+ ms\)$/m);
    for (const line of [
      '!! noise on standard output: a stray print',
      '2> something odd',
      '<- $/log info: Booting.',
      '<- $/progress 40% Half.',
      '<- $/event {"instance":"inspected","type":"vm.deleted","id":"gone"}',
    ]) {
      expect(err.split('\n')).to.include(line);
    }
    expect(err).to.match(/^compute\.start took [\d.]+ ms$/m);
  });

  it('takes help, methods and quit for its commands, with and without the dot', async () => {
    const typed = ['help', '?', '.help', 'methods', 'quit', 'compute.list'];
    const { code, out, err } = await run(['inspect', noop, ...settings({})], typed.join('\n'));
    expect(code, err).to.equal(0);
    expect(err.match(/^Type a method with its parameters/gm)).to.have.length(3);
    expect(err.split('\n')).to.include('compute.list');
    expect(out, 'nothing is asked behind quit').to.equal('');
  });

  it('counts and lists what the plugin says that it has, and nothing else', async () => {
    const { out, err } = await run(['inspect', noop, ...settings({})], '.methods\ndescribe\n');
    const { methods } = JSON.parse(out) as { methods: string[] };
    expect(err).to.include(`: ${methods.length} methods, concurrency 64`);
    expect(err)
      .to.include(`\n${methods.join('\n')}\n`)
      .and.not.include('\nprobe\n');
  });

  it('says what a plugin has once it is configured, where that is more than before', async () => {
    const file = join(folder, 'late.mjs');
    await writeFile(
      file,
      `import { createInterface } from 'node:readline';
const answers = {
  describe: { proto: [1], name: 'late', version: '1', methods: [] },
  configure: { publishes: [{ service: 'late', methods: [{ name: 'tell' }] }] },
};
for await (const line of createInterface(process.stdin)) {
  const { id, method } = JSON.parse(line);
  const body = answers[method] ? { result: answers[method] } : { error: { code: -32601, message: 'no' } };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
}
`,
    );
    const { err } = await run(['inspect', file, '--config', '{}'], '.methods\n');
    expect(err).to.match(/^late 1: 0 methods, .*\nconfigure: 1 method now \(took [\d.]+ ms\)$/m);
    expect(err).to.match(/^late\.tell$/m);
  });

  it('reads calls from a pipe, and fails when one of them does', async () => {
    const script = { 'compute.get': [{}, { fault: { kind: 'not-found', message: 'No b.', data: { resource: 'b' } } }] };
    const input = '# a comment\ncompute.get {"vm": "a"}\n\ncompute.get vm=b\ncompute.gett vm=c\ncompute.list after\n';
    const { code, out, err } = await run(['inspect', noop, ...settings(script)], input);
    expect([code, JSON.parse(out)]).to.deep.equal([1, { id: 'a', state: 'stopped' }]);
    expect(err).to.match(/^compute\.get failed: 404 not-found \(took [\d.]+ ms\)\nNo b\.$/m);
    expect(err).to.include('Did you mean compute.get?');
    expect(err).to.include('Write parameters as NAME=VALUE or as a JSON object, not "after".');
  });

  it('says what is wrong with a plugin that cannot be talked to', async () => {
    const dying = at('dying.py');
    await writeFile(dying, 'raise SystemExit("no such module")\n');
    const mute = await run(['inspect', dying, '--call', 'compute.list']);
    expect([mute.code, mute.out]).to.deep.equal([1, '']);
    expect(mute.err).to.include('2> no such module').and.to.include('The plugin ended with code 1.');
    expect(mute.err).to.include('describe was not answered: the plugin ended with code 1.');
    const absent = await run(['inspect', './nothing', '--call', 'compute.list']);
    expect([absent.code, absent.err]).to.deep.equal([1, `unavailable: There is no plugin at ${at('nothing')}.\n`]);
    const refused = await run(['inspect', noop, '--config', '{"refuse":"No."}', '--call', 'compute.list']);
    expect([refused.code, refused.err]).to.deep.include(1);
    expect(refused.err)
      .to.match(/^configure failed: 400 invalid-params/m)
      .and.to.include('No.');
    await writeFile(at('odd.yaml'), 'a: [\n');
    for (const [odd, words] of [
      ['odd.yaml', 'odd.yaml:'],
      ['[]', 'There is no file [].'],
      ['{"a": 1', '--config:'],
      ['{"a": {"secret": "env:NOT_THERE"}}', '--config:1:18: a.secret names the environment variable NOT_THERE'],
    ] as const) {
      const { code, err } = await run(['inspect', noop, '--config', odd]);
      expect(code, odd).to.equal(2);
      expect(err).to.include(words);
    }
    const slow = await run([
      'inspect',
      noop,
      ...settings({ 'compute.list': { hang: true } }),
      '--timeout',
      '0.2',
      '--call',
      'compute.list',
    ]);
    expect(slow.code).to.equal(1);
    expect(slow.err).to.include('compute.list was not answered within 200 ms');
  });

  it('talks to a connector as the configuration has it, and records without its secrets', async () => {
    await writeFile(at('key'), 'f1le-s3cret\n');
    const config = { script: { 'compute.get': { log: 'Used f1le-s3cret and pa55word.' } }, password: 'pa55word' };
    const lab = { plugin: 'noop', config: { ...config, url: { secret: 'file:key' } } };
    await writeFile(at('annelid.yaml'), JSON.stringify({ connectors: { lab } }));
    const call = ['--call', 'compute.get vm=a @key=k7'];
    const { code, err } = await run(['inspect', 'lab', '--record', 'lab.cassette', '--raw', ...call]);
    expect(code).to.equal(0);
    expect(err)
      .to.include('Used (hidden) and (hidden).')
      .and.not.to.match(/s3cret|pa55word/);
    const text = await readFile(at('lab.cassette'), 'utf8');
    expect(text).to.match(/^# annelid cassette 1\n/);
    expect(text).not.to.match(/s3cret|pa55word/);
    expect(text).to.include('"message":"Used (hidden) and (hidden)."').and.to.include('"key":"k7"');
    expect((await stat(at('lab.cassette'))).mode & 0o777).to.equal(0o600);
    const again = await run(['inspect', 'lab', '--record', 'lab.cassette', '--call', 'compute.list']);
    expect(again.code).to.equal(1);
    expect(await readFile(at('lab.cassette'), 'utf8')).to.equal(text);
    expect((await run(['replay', 'lab.cassette', 'lab'])).code).to.equal(0);
  });

  it('answers what a plugin asks of the daemon, and hides the secrets that it is told', async () => {
    const asks = (method: string, ...args: unknown[]) => ({ ask: { method, args } });
    const script = {
      'compute.start': [
        asks('secret', 'token'),
        asks('keep', 'count', 1, { version: 0 }),
        asks('keep', 'count', 2, { version: 0 }),
        asks('state', 'count'),
        asks('lookup', { vm: 'a' }),
      ],
    };
    await writeFile(at('asking.key'), 'asked-for-it\n');
    const asking = { plugin: 'noop', config: { script }, secrets: { token: 'file:asking.key' } };
    await writeFile(at('asking.yaml'), JSON.stringify({ connectors: { asking } }));
    const calls = script['compute.start'].flatMap(() => ['--call', 'compute.start vm=a']);
    const words = ['inspect', 'asking', '--daemon-config', 'asking.yaml', '--record', 'asking.cassette', ...calls];
    const { code, err } = await run(words);
    expect(code, err).to.equal(0);
    const logged = err.split('\n').flatMap((line) => /\$\/log \w+: (.*)$/.exec(line)?.[1] ?? []);
    expect(logged.map((text) => text.slice(0, 60))).to.deep.equal([
      '"(hidden)"',
      '1',
      'conflict: count has the version 1, and not 0.',
      '{"value":1,"version":1}',
      'not-found: The daemon has no machine a of asking.',
    ]);
    const text = await readFile(at('asking.cassette'), 'utf8');
    expect(text).to.include('"method":"host.secret.get"').and.not.to.include('asked-for-it');
    const replayed = await run(['replay', 'asking.cassette', 'asking', '--daemon-config', 'asking.yaml']);
    expect(replayed.out).to.match(/^same {5}host\.state\.get {2}/m);
    expect(replayed.code, replayed.out).to.equal(0);
    // What it asks for it gets whole, or is told that it is not there.
    await writeFile(at('replay.yaml'), JSON.stringify({ script }));
    const alone = ['replay', 'asking.cassette', noop, '--config', 'replay.yaml'];
    const without = await run(alone);
    expect(without.err).to.include(
      'The cassette does not have the secret token, which the plugin asks for: give it with --secret token=file:PATH.',
    );
    const given = await run([...alone, '--secret', 'token=file:asking.key']);
    expect(given.err).not.to.include('does not have the secret');
    expect(given.code, given.out).to.equal(0);
    const wrong = await run([...alone, '--secret', 'token=file:nowhere']);
    expect(wrong.err).to.include('--secret token names nowhere, which cannot be read (ENOENT).');
    const unread = await run([...alone, '--secret', 'asking.key']);
    expect(unread.err).to.include('Write it as NAME=file:PATH or NAME=env:NAME.');
  });

  it('gives a call what it needs, and says so when that is not there', async () => {
    const file = at('needy.mjs');
    await writeFile(
      file,
      `import { createInterface } from 'node:readline';
for await (const line of createInterface(process.stdin)) {
  const { id, method, params: { vm, ctx } } = JSON.parse(line);
  const say = (rest) => console.log(JSON.stringify({ jsonrpc: '2.0', id, ...rest }));
  if (method === 'describe') say({ result: { proto: [1], name: 'needy', version: '1', methods: ['compute.start'] } });
  else if (method !== 'compute.start') say({ error: { code: -32601, message: 'No.' } });
  else if (ctx.given) say({ result: { id: vm, state: 'running', name: [ctx.given.secret.token, ctx.key].join() } });
  else say({ result: ctx.accept?.includes('need') ? { need: { secret: ['token'] } } : { id: vm, state: 'error' } });
}`,
    );
    await writeFile(at('needy.key'), 'needed-one\n');
    const call = ['--call', 'compute.start vm=a @key=k1'];
    const given = await run(['inspect', file, '--config', '{}', '--secret', 'token=file:needy.key', ...call]);
    expect(given.code, given.err).to.equal(0);
    expect(JSON.parse(given.out)).to.deep.equal({ id: 'a', state: 'running', name: 'needed-one,k1' });
    expect(given.err).to.include('<- needs {"secret":["token"]}\n');
    const lacking = await run(['inspect', file, '--config', '{}', ...call]);
    expect(lacking.code).to.equal(1);
    expect(lacking.err).to.match(
      /^compute\.start cannot be carried through: .*token.* Give it with --secret NAME=file:PATH\.$/m,
    );
  });

  it('reads a result that is too long for a line in parts, as the daemon does', async () => {
    const file = at('short-lines.ts');
    const from = (path: string) => JSON.stringify(pathToFileURL(join(root, path)));
    await writeFile(
      file,
      `import { serve } from ${from('sdk/typescript/plugin/index.ts')};
import { noop } from ${from('plugins/noop/noop.ts')};
await serve('short-lines', noop, { version: '1', limits: { lineFromPlugin: 4096 } });`,
    );
    const items = Array.from({ length: 500 }, (_, at) => ({ id: `vm-${at}`, name: 'Zoë', state: 'running' }));
    const script = { 'compute.list': { result: { items } } };
    const { code, out, err } = await run(['inspect', file, '--raw', ...settings(script), '--call', 'compute.list']);
    expect(code, err.slice(-500)).to.equal(0);
    expect(JSON.parse(out)).to.deep.equal({ items });
    expect(/^-> .*"method":"blob\.read".*"offset":[1-9]/m.test(err)).to.equal(true);
  });

  it('completes methods and parameters', async () => {
    const screen: Screen = { out: () => {}, aside: () => {}, colour: false };
    const conversation = await openConversation({
      subject: { plugin: noop, pluginDirectories: [] },
      onSaid: () => {},
      timeoutMs: 10_000,
    });
    const inspector = new Inspector({
      conversation,
      screen,
      instance: 'one',
      actor: 'ann',
      timeoutMs: 10_000,
      settings: {},
    });
    expect(await inspector.begin()).to.equal(true);
    expect(inspector.complete('compute.pow')).to.deep.equal([['compute.powerOff '], 'compute.pow']);
    expect(inspector.complete('compute.create na')).to.deep.equal([['name='], 'na']);
    expect(inspector.complete('.me')[0]).to.deep.equal(['.methods ']);
    await conversation.stop();
  });

  it('reads words with quotes, values as the contract has them, and members of the context', () => {
    const words = `compute.create name="two words" vcpus=2 labels={"a":"b"} id='x y' commandLine=a=b @key=k @attempt=2`;
    expect(parseTyped(words)).to.deep.equal({
      method: 'compute.create',
      params: { name: 'two words', vcpus: 2, labels: { a: 'b' }, id: 'x y', commandLine: 'a=b' },
      ctx: { key: 'k', attempt: 2 },
    });
    expect(parseTyped('compute.get vm=7').params).to.deep.equal({ vm: '7' });
    expect(parseTyped('meter.read n=7 s=x').params).to.deep.equal({ n: 7, s: 'x' });
  });
});

describe('annelid plugin replay', function () {
  this.timeout(60_000);
  let folder: string;
  const startDaemon = daemonsOfSuite();
  const run = (words: string[], input = '') => runAnnelid(['plugin', ...words], { directory: folder, input });
  const calls = [
    'compute.create {"id":"11111111-2222-3333-4444-555555555555","name":"made","vcpus":1,"memoryMiB":64,"disks":[],"networks":[],"labels":{}}',
    'compute.list',
    'compute.get vm=11111111-2222-3333-4444-555555555555',
  ];
  const memory = join(root, 'plugins/memory');
  const cloud = (vcpus: number) => JSON.stringify({ machines: [{ name: 'web1', state: 'running', vcpus }] });
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-replay-'));
    const words = calls.flatMap((call) => ['--call', call]);
    const recorded = await run(['inspect', memory, '--config', cloud(2), '--record', 'session', ...words]);
    expect(recorded.code, recorded.err).to.equal(0);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is as recorded with the same plugin', async () => {
    const { code, out } = await run(['replay', 'session', memory]);
    expect(out).to.match(/\n\d+ answers and events: all as recorded\.\n$/);
    expect(out).to.match(/^same {5}compute\.create {2}\(line \d+\) {2}took [\d.]+ ms$/m);
    expect(code).to.equal(0);
  });

  it('shows member by member where another one answers otherwise', async () => {
    const { code, out } = await run(['replay', 'session', memory, '--config', cloud(4)]);
    expect(code).to.equal(1);
    expect(out).to.match(/^differs {2}compute\.list {2}\(line \d+\)/m);
    expect(out).to.include('/result/items/0/vcpus: 2 was recorded, 4 is there now');
    const lenient = await run(['replay', 'session', memory, '--config', cloud(4), '--volatile', 'vcpus']);
    expect(lenient.code, lenient.out).to.equal(0);
  });

  it('names what is wrong with a cassette', async () => {
    await writeFile(join(folder, 'wrong'), '-> {"jsonrpc":"2.0"}\nhello\n');
    const { code, err } = await run(['replay', 'wrong', memory]);
    expect([code, err]).to.deep.equal([1, 'wrong:2: the line begins with none of ->, <-, 2>, !! and #.\n']);
  });

  it('is a plugin for a daemon', async () => {
    const command = [process.execPath, join(root, 'bin/annelid.js'), 'plugin', 'replay', join(folder, 'session')];
    const daemon = await startDaemon({ connectors: { fake: { plugin: 'fake', command } } });
    const { items } = await daemon.call<{ items: { name: string; vcpus: number }[] }>('vm.list', { refresh: true });
    expect(items.map(({ name, vcpus }) => [name, vcpus])).to.have.deep.members([
      ['made', 1],
      ['web1', 2],
    ]);
  });
});
