/** What the suite for every language leaves out: signals and ends while a call listens, and what else goes to the log. */
import { expect } from 'chai';
import { requireSuite } from '../../setup/packages.ts';
import { PluginProcess } from '../plugin-process.ts';
import { perlCommand } from './command.ts';

describe('The streams of a plugin in Perl', function () {
  this.timeout(30_000);
  let plugin: PluginProcess;
  before(async function () {
    await requireSuite(this, 'perl sdk');
  });
  beforeEach(async () => {
    plugin = new PluginProcess(perlCommand('test/sdk/perl/careless.pl'));
    plugin.ask(1, 'configure', { config: {} });
    await plugin.answer(1);
  });
  afterEach(() => {
    plugin.child.kill('SIGKILL');
  });
  const cancelled = { code: 499, message: 'The plugin is stopping.', data: { kind: 'cancelled' } };

  it('end a call that listens, some time after their end', async () => {
    plugin.ask(2, 'compute.shutdown');
    await plugin.hear(({ method }) => method === '$/progress');
    plugin.child.stdin.end();
    expect((await plugin.answer(2)).error).to.deep.equal(cancelled);
    expect((await plugin.closed)[0]).to.equal(0);
  });

  it('end a call that listens, and those that wait, when the host was killed', async () => {
    plugin.ask(2, 'compute.shutdown');
    await plugin.hear(({ method }) => method === '$/progress');
    plugin.ask(3, 'compute.start');
    plugin.child.stdout.destroy();
    plugin.child.stdin.end();
    // It said so when it was cancelled; what waited was not begun.
    expect(await plugin.errors).to.equal('The plugin is stopping.\n');
    expect((await plugin.closed)[0]).to.equal(0);
  });

  it('end a call that swallows what SIGTERM throws, and is asked again', async () => {
    plugin.ask(2, 'compute.powerOff');
    await plugin.hear(({ method }) => method === '$/progress');
    plugin.child.kill('SIGTERM');
    expect((await plugin.answer(2)).error).to.deep.equal(cancelled);
    expect((await plugin.closed)[0]).to.equal(0);
  });

  it('bring warnings to the log at their level, and keep children from the requests', async () => {
    plugin.ask(2, 'compute.list', {});
    const { params } = await plugin.hear(({ method }) => method === '$/log');
    expect(params).to.deep.equal({ level: 'warn', message: 'The child read 0 bytes.', instance: 'lab', id: 2 });
    plugin.ask(3, 'echo', { a: [5, '5', true, null] });
    await plugin.answer(2);
    expect((await plugin.answer(3)).result).to.deep.include({ a: [5, '5', true, null] });
  });

  it('log nothing of a message as deep as can be', async () => {
    const deep = `${'['.repeat(500)}${']'.repeat(500)}`;
    plugin.say(`{"jsonrpc":"2.0","id":2,"method":"echo","params":{"a":${deep}}}`);
    expect(JSON.stringify((await plugin.next()).result)).to.equal(`{"a":${deep}}`);
  });
});
