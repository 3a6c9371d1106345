/** `annelid plugin mock`: be a plugin that is not written yet. */
import { Command } from 'commander';
import { interfaces } from '../../plugin-protocol/contract/index.ts';
import { createLineReader } from '../../plugin-protocol/rpc/lines.ts';
import { createMock } from './mock.ts';

const maxBytes = 64 * 2 ** 20;

export const mockCommand = (): Command =>
  new Command('mock')
    .description(
      'Be a plugin that is not written yet, at the standard streams: one that has all calls of interfaces, or publishes the services of a file, and answers what their schemas say. Methods answer the result of their example, where they have one; else it is made up, and means nothing.',
    )
    .summary('Be a plugin that is not written yet')
    .argument(
      '<what...>',
      `Interfaces (${Object.keys(interfaces).join(', ')}), and files of JSON or YAML: a service as in \`publishes\` of describe, a list of them, or what describe answers.`,
    )
    .addHelpText(
      'after',
      '\nExample:\n  connectors: {meter: {plugin: meter, command: [annelid, plugin, mock, meter.yaml]}}',
    )
    .action(async (words: string[]) => {
      const mock = createMock(words);
      const onLine = (line: string) => {
        const answer = mock.answer(line);
        if (answer !== undefined) process.stdout.write(`${answer}\n`);
      };
      const lines = createLineReader({ maxBytes: () => maxBytes, onLine, onTooLong: () => {} });
      for await (const chunk of process.stdin) lines.push(chunk as Buffer);
      lines.end();
    });
