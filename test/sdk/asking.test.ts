/** What a call asks of the daemon, by the pipes of the plugin of PROTOCOL.md's samples in each language. */
import { expect } from 'chai';
import { requireSuite } from '../setup/packages.ts';
import { languages } from './languages.ts';
import { PluginProcess } from './plugin-process.ts';

for (const { name, suite, id, end, command } of languages) {
  describe(`A call in ${name} that asks the daemon`, function () {
    this.timeout(30_000);
    let plugin: PluginProcess;
    before(async function () {
      await requireSuite(this, suite);
    });
    beforeEach(async () => {
      plugin = new PluginProcess([...command(`test/sdk/${id}/samples.${end}`), 'desk']);
      plugin.ask(1, 'configure', { config: {} });
      await plugin.answer(1);
    });
    afterEach(() => {
      plugin.child.kill('SIGKILL');
    });
    const asked = (method: string) => plugin.hear((message) => message.method === method);
    const reply = (message: object) => plugin.say(JSON.stringify({ jsonrpc: '2.0', ...message }));

    it('gets the answer to what it asked, and no other', async () => {
      plugin.ask(2, 'compute.pause', { vm: 'a' });
      const { id: question, params } = await asked('host.secret.get');
      expect(params).to.deep.equal({ call: 2, name: 'token' });
      reply({ id: Number(question) + 1000, result: { value: 'of another' } });
      reply({ id: question, result: { value: 's3cret' } });
      reply({ id: question, result: { value: 'said again' } });
      expect((await plugin.answer(2)).result).to.deep.equal({ id: 'a', state: 'paused' });
      expect(await plugin.end()).to.deep.equal({ errors: '', code: 0 });
      expect(JSON.stringify(plugin.said)).not.to.include('s3cret');
    });

    it('fails with the fault with which it is refused', async () => {
      plugin.ask(2, 'compute.pause', { vm: 'a' });
      const { id: question } = await asked('host.secret.get');
      const refusal = { code: 404, message: 'There is no secret token.', data: { kind: 'not-found' } };
      reply({ id: question, error: refusal });
      const { code, message } = (await plugin.answer(2)).error as { code: number; message: string };
      expect([code, message]).to.deep.equal([404, 'There is no secret token.']);
    });

    it('gives a lock back when what it does under it fails', async () => {
      plugin.ask(2, 'compute.reboot', { vm: 'a' });
      reply({ id: (await asked('host.lock')).id, result: { lock: 'held' } });
      const busy = { code: 503, message: 'The store is full.', data: { kind: 'unavailable' } };
      reply({ id: (await asked('host.lookup')).id, error: busy });
      const { id: question, params } = await asked('host.unlock');
      expect(params).to.deep.equal({ call: 2, lock: 'held' });
      reply({ id: question, result: {} });
      expect((await plugin.answer(2)).error).to.include({ code: 503, message: 'The store is full.' });
    });

    it('is cancelled while it waits', async () => {
      plugin.ask(2, 'compute.pause', { vm: 'a' });
      await asked('host.secret.get');
      reply({ method: '$/cancel', params: { id: 2, reason: 'Enough.' } });
      expect((await plugin.answer(2)).error).to.include({ code: 499, message: 'Enough.' });
    });

    it('ends with its process when nobody answers any more', async () => {
      plugin.ask(2, 'compute.pause', { vm: 'a' });
      await asked('host.secret.get');
      expect((await plugin.end()).code).to.equal(0);
    });
  });
}
