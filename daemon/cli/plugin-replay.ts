/** `annelid plugin replay`: a cassette said again to a plugin, or played as a plugin. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { differenceText } from '../../plugin-protocol/cassette/differences.ts';
import { type Cassette, readCassette } from '../../plugin-protocol/cassette/format.ts';
import { createPlayer } from '../../plugin-protocol/cassette/player.ts';
import { createRedactor } from '../../plugin-protocol/cassette/redaction.ts';
import { type Rehearsed, rehearse } from '../../plugin-protocol/cassette/rehearsal.ts';
import { createLineReader } from '../../plugin-protocol/rpc/lines.ts';
import { visible } from '../../plugin-protocol/text/visible.ts';
import { Failed } from './failed.ts';
import { showSaid, took } from './inspector.ts';
import { coloured } from './output.ts';
import { type MeantOptions, meantOptions, meantPlugin, readSeconds } from './plugin-options.ts';

interface ReplayOptions extends MeantOptions {
  volatile?: string[];
  timeout: number;
}

const maxBytes = 64 * 2 ** 20;

/** As a plugin: the host is at the standard streams. */
const play = async (cassette: Cassette): Promise<void> => {
  const player = createPlayer(cassette, {
    line: (text) => process.stdout.write(`${text}\n`),
    error: (text) => process.stderr.write(`${text}\n`),
  });
  const lines = createLineReader({ maxBytes: () => maxBytes, onLine: player.receive, onTooLong: () => {} });
  for await (const chunk of process.stdin) lines.push(chunk as Buffer);
  lines.end();
};

const resultText = ({ what, line, ms, differences }: Rehearsed, colour: boolean): string => {
  const paint = (code: number, text: string) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  const same = differences.length === 0;
  const head = same ? paint(32, 'same   ') : paint(31, 'differs');
  const time = ms === undefined ? '' : `  took ${took(ms)}`;
  const body = differences.map((difference) => `         ${visible(differenceText(difference))}\n`);
  return `${head}  ${visible(what)}  (line ${line})${time}\n${body.join('')}`;
};

/** As the host of a plugin. */
const replay = async (cassette: Cassette, word: string, options: ReplayOptions): Promise<void> => {
  const { subject, settings, hidden, secrets } = await meantPlugin(word, options);
  const { openConversation } = await import('../kit/conversation.ts');
  const redactor = createRedactor(hidden);
  const screen = {
    out: () => {},
    aside: (text: string) => process.stderr.write(redactor.text(text)),
    colour: coloured(process.stderr),
  };
  const colour = coloured(process.stdout);
  let count = 0;
  const conversation = await openConversation({
    subject,
    onSaid: (from, text) => {
      redactor.line(text);
      if (from === 'error' || from === 'noise') showSaid(screen, false, from, text);
    },
    timeoutMs: options.timeout * 1000,
  });
  let different: number;
  try {
    different = await rehearse(cassette, conversation, {
      // What stands in a configuration is whole; what was recorded has its secrets hidden.
      settings: Object.keys(settings).length > 0 ? settings : undefined,
      secrets,
      onHidden: (name) =>
        screen.aside(
          `The cassette does not have the secret ${visible(name)}, which the plugin asks for: give it with --secret ${visible(name)}=file:PATH.\n`,
        ),
      onRehearsed: (rehearsed) => {
        count += 1;
        process.stdout.write(redactor.text(resultText(rehearsed, colour)));
      },
    });
  } finally {
    await conversation.stop();
  }
  process.stdout.write(
    `${count} answers and events: ${different === 0 ? 'all as recorded' : `${different} differ`}.\n`,
  );
  if (different > 0) throw new Failed();
};

const collect = (value: string, before: string[] = []) => [...before, value];

export const replayCommand = (): Command =>
  meantOptions(new Command('replay'))
    .description(
      'Say a recorded session again to a plugin, and show member by member where its answers differ. Without a plugin: be one, at the standard streams, that answers as it was recorded.',
    )
    .summary('Say a recorded session again to a plugin, or play it as one')
    .argument('<cassette>', 'The file that --record of `annelid plugin inspect` has written.')
    .argument('[plugin]', 'A path, an address, a connector of the configuration, or a plugin by its name.')
    .option(
      '--volatile <member>',
      'A member that is another value each time: its name, or a JSON Pointer. Can be given several times.',
      collect,
    )
    .option('--timeout <seconds>', 'How long an answer is waited for.', readSeconds, 30)
    .addHelpText(
      'after',
      '\nExamples:\n  annelid plugin replay session.cassette ./mine\n  connectors: {fake: {plugin: fake, command: [annelid, plugin, replay, session.cassette]}}',
    )
    .action(async (file: string, word: string | undefined, options: ReplayOptions) => {
      const cassette = readCassette(readFileSync(file, 'utf8'), file);
      cassette.volatile.push(...(options.volatile ?? []));
      await (word === undefined ? play(cassette) : replay(cassette, word, options));
    });
