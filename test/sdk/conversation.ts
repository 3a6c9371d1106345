/**
 * What every kit must hold, by the pipes of a plugin that is written with it. The plugin serves, with a concurrency of 64:
 * `compute.list` prints "a forgotten print", writes "from a library" to file descriptor 1 and runs `echo from a child`, then
 * answers no machines; `compute.get` waits until 64 are under way; `compute.start` fails with the sentence "A slip." by an
 * exception of the language; `compute.shutdown` reports progress and waits, cancellably; `compute.powerOff` reports progress and never
 * ends; `compute.consoleOutput` answers `maxBytes` bytes. When it is closed it writes "closed" on standard error.
 *
 * A serial kit makes one call at a time: its plugin has a concurrency of 1 and no `compute.get`, and what waits behind a call is
 * answered after it. One that never ends goes on until SIGTERM, which the host sends to every plugin that stays.
 */
import { expect } from 'chai';
import { requireSuite, type SuiteName } from '../setup/packages.ts';
import { PluginProcess } from './plugin-process.ts';

export interface Kit {
  language: string;
  suite: SuiteName;
  /** How the plugin is run. */
  command: readonly string[];
  /** What the trace of an exception ends with that was raised with the sentence "A slip.". */
  trace: RegExp;
  /** False: the language cannot catch SIGTERM, which ends the process at once. */
  hearsSignals?: boolean;
  isSerial?: boolean;
  /** False: the language cannot move a file descriptor, so what libraries and children write there is noise (2.4). */
  movesOutput?: boolean;
}

export const conversationSuite = ({
  language,
  suite,
  command,
  trace,
  hearsSignals = true,
  isSerial = false,
  movesOutput = true,
}: Kit): void => {
  describe(`A plugin in ${language} on its pipes`, function () {
    this.timeout(30_000);
    before(async function () {
      await requireSuite(this, suite);
    });
    let plugin: PluginProcess;
    const open = async (...args: string[]) => {
      plugin = new PluginProcess([...command, ...args]);
      plugin.ask(1, 'configure', { config: {} });
      await plugin.answer(1);
    };
    afterEach(() => {
      plugin?.child.kill('SIGKILL');
    });

    it(`keeps what is printed out of the protocol${movesOutput ? ', by children too' : ''}, and ends at the end of its input`, async () => {
      await open();
      plugin.ask(2, 'compute.list', {});
      expect(await plugin.answer(2)).to.deep.equal({ jsonrpc: '2.0', id: 2, result: { items: [] } });
      const others = ['from a library', 'from a child'];
      const errors = ['a forgotten print', ...(movesOutput ? others : []), 'closed', ''].join('\n');
      expect(await plugin.end()).to.deep.equal({ errors, code: 0 });
      expect(plugin.noise).to.deep.equal(movesOutput ? [] : others);
    });

    it('finishes the calls that it has read when its input ends', async () => {
      await open();
      for (const id of [2, 3, 4]) plugin.ask(id, 'compute.consoleOutput', { vm: 'a', maxBytes: 100_000 });
      plugin.child.stdin.end();
      for (const id of [2, 3, 4]) expect((await plugin.answer(id)).result).to.include({ end: '100000' });
      expect((await plugin.closed)[0]).to.equal(0);
    });

    it('logs what a call raises as one line at the level error, with its trace', async () => {
      await open();
      plugin.ask(2, 'compute.start');
      const { params } = await plugin.hear(({ method }) => method === '$/log');
      expect(params).to.include({ level: 'error', instance: 'lab', id: 2 });
      expect((params as { message: string }).message)
        .to.include('compute.start failed')
        .and.match(trace);
      expect((await plugin.answer(2)).error).to.deep.equal({
        code: 500,
        message: "lab failed in compute.start; the daemon's log says why.",
        data: { kind: 'internal' },
      });
    });

    it('goes on after hostile lines, and finds messages behind noise', async () => {
      await open();
      plugin.say('', ' ', 'hello', Buffer.from([0xff, 0xfe]), 'null', '[]', '7', `{"a":"${'x'.repeat(5_000_000)}"}`);
      plugin.say('['.repeat(200_000), '{'.repeat(200_000), '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","id":{},"method":3}');
      plugin.say('{"jsonrpc":"2.0","id":5,"method":"echo","params":[]}', '{"jsonrpc":"2.0","id":6,"params":{}}');
      plugin.say('{"id":7,"method":"__init__","jsonrpc":"2.0"}', 'noise{"id":8,"method":"echo","jsonrpc":"2.0"}\r');
      for (const [id, code] of [
        [5, -32600],
        [6, -32600],
        [7, -32601],
      ] as const) {
        expect((await plugin.answer(id)).error, String(id)).to.include({ code });
      }
      expect((await plugin.answer(8)).result).to.deep.equal({});
    });

    it(isSerial ? 'cancels a call, and goes on' : 'cancels a call, while others go on', async () => {
      await open();
      plugin.ask(2, 'compute.shutdown');
      await plugin.hear(({ method }) => method === '$/progress');
      plugin.ask(3, 'compute.list', {});
      if (!isSerial) await plugin.answer(3);
      plugin.say('{"jsonrpc":"2.0","id":4,"method":"echo","params":{}}');
      await plugin.answer(4);
      plugin.say('{"jsonrpc":"2.0","method":"$/cancel","params":{"id":2,"reason":"Enough."}}');
      expect((await plugin.answer(3)).result).to.deep.equal({ items: [] });
      expect((await plugin.answer(2)).error).to.deep.equal({
        code: 499,
        message: 'Enough.',
        data: { kind: 'cancelled' },
      });
    });

    if (!isSerial) {
      it('makes 64 calls at once', async () => {
        await open();
        const ids = Array.from({ length: 64 }, (_, at) => at + 2);
        for (const id of ids) plugin.ask(id, 'compute.get', { vm: `vm-${id}` });
        for (const id of ids)
          expect((await plugin.answer(id)).result).to.deep.equal({ id: `vm-${id}`, state: 'running' });
      });
    }

    it('sends long answers as whole lines', async () => {
      await open();
      const ids = Array.from({ length: 16 }, (_, at) => at + 2);
      for (const id of ids) plugin.ask(id, 'compute.consoleOutput', { vm: 'a', maxBytes: 300_000 });
      for (const id of ids) expect((await plugin.answer(id)).result).to.include({ end: '300000' });
    });

    it(`${hearsSignals ? 'cancels what is under way' : 'lets go of all'} on SIGTERM, and ends`, async () => {
      await open();
      plugin.ask(2, 'compute.shutdown');
      await plugin.hear(({ method }) => method === '$/progress');
      plugin.child.kill('SIGTERM');
      if (!hearsSignals) {
        expect(await plugin.closed).to.deep.equal([null, 'SIGTERM']);
        return;
      }
      expect((await plugin.answer(2)).error).to.include({ code: 499, message: 'The plugin is stopping.' });
      expect((await plugin.closed)[0]).to.equal(0);
      expect(await plugin.errors).to.equal('closed\n');
    });

    it('ends with a call that never does', async () => {
      await open();
      plugin.ask(2, 'compute.powerOff');
      await plugin.hear(({ method }) => method === '$/progress');
      if (isSerial) plugin.child.kill('SIGTERM');
      expect((await plugin.end()).code).to.equal(0);
    });

    it('ends when nobody reads its answers any more', async () => {
      await open();
      plugin.child.stdout.destroy();
      plugin.ask(2, 'compute.list', {});
      expect((await plugin.closed)[0]).to.equal(0);
    });

    it('prints what it is when asked with --describe', async () => {
      plugin = new PluginProcess([...command, '--describe']);
      const said = await new Promise<string>((resolve) =>
        plugin.child.stdout.once('data', (data) => resolve(String(data))),
      );
      expect(JSON.parse(said)).to.include({
        name: 'lab',
        concurrency: isSerial ? 1 : 64,
        idempotency: 'none',
      });
      expect((await plugin.closed)[0]).to.equal(0);
    });
  });
};
