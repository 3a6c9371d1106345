/** The samples of PROTOCOL.md, said to plugins in its language: `demo`, `cloud`, `desk`, `parts`, `meter` and `clerk`, as they are shown there. */
import { expect } from 'chai';
import type { Message } from '../../plugin-protocol/rpc/messages.ts';
import { conversationIn } from '../plugin-protocol/samples.ts';
import { requireSuite, type SuiteName } from '../setup/packages.ts';
import { PluginProcess } from './plugin-process.ts';

export interface Samples {
  language: string;
  suite: SuiteName;
  /** How the plugin of the samples is run; its argument is `demo`, `cloud`, `desk`, `parts`, `meter` or `clerk`. */
  command: readonly string[];
  /** Its kit makes one call at a time, and says so where the samples have a concurrency. */
  isSerial?: boolean;
}

/** `null` stands for a result that has nothing to say, and so may be left out what `configure` only says again. */
const expected = ({ result, ...message }: Message, method: unknown): Message => ({
  ...message,
  ...(result !== undefined && { result: method === 'configure' ? {} : result }),
});
const normal = (message: Message, method: unknown): Message => {
  const { result, ...rest } = message;
  if (result === undefined) return message;
  if (method === 'configure') return { ...rest, result: {} };
  return { ...rest, result: result ?? {} };
};

/** Where hashes have no order, `order` says what the order of the properties is in the samples. */
const withoutOrder = (result: unknown): unknown =>
  JSON.parse(JSON.stringify(result), (name, value: unknown) => {
    if (name !== 'order') return value;
    expect(value).to.deep.equal(['name', 'unit']);
    return undefined;
  });

export const samplesSuite = ({ language, suite, command, isSerial = false }: Samples): void => {
  describe(`The samples of PROTOCOL.md, said to a plugin in ${language}`, function () {
    this.timeout(30_000);
    let plugin: PluginProcess;
    before(async function () {
      await requireSuite(this, suite);
    });
    afterEach(() => {
      plugin?.child.kill('SIGKILL');
    });

    for (const [name, fence] of [
      ['demo', 'wire'],
      ['cloud', 'wire cloud'],
      ['desk', 'wire desk'],
      // What the kit takes for long is short here.
      ['parts', 'wire parts'],
      ['meter', 'wire meter'],
      ['clerk', 'wire clerk'],
    ] as const) {
      it(`are answered as they are shown: ${name}`, async () => {
        plugin = new PluginProcess([...command, name]);
        const methods = new Map<unknown, unknown>();
        let isConfigured = name === 'demo';
        for (const { from, message } of conversationIn(fence).lines) {
          if (from === 'host') {
            methods.set(message.id, message.method);
            // These samples begin where the instance has been configured long ago.
            if (!isConfigured && message.method !== 'describe') {
              isConfigured = true;
              const { ctx } = message.params as { ctx: object };
              plugin.say(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'configure', params: { config: {}, ctx } }));
              await plugin.answer(1);
            }
            plugin.say(JSON.stringify(message));
            continue;
          }
          const method = methods.get(message.id);
          const said = await plugin.next();
          if (method === 'describe') {
            // A kit may know already here what `configure` would say.
            const { idempotency: _, methods: served, ...facts } = message.result as Record<string, unknown>;
            expect(withoutOrder(said.result)).to.deep.include({ ...facts, ...(isSerial && { concurrency: 1 }) });
            expect((said.result as { methods: string[] }).methods).to.have.members(served as string[]);
          } else expect(normal(said, method)).to.deep.equal(expected(message, method));
        }
        expect((await plugin.end()).code).to.equal(0);
      });
    }
  });
};
