/** `annelid plugin inspect`: talk to a plugin by hand, or watch one that a daemon runs. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { cassetteHead, cassetteLine, type Side } from '../../plugin-protocol/cassette/format.ts';
import { createRedactor, type Redactor } from '../../plugin-protocol/cassette/redaction.ts';
import { askWatch, droppedText } from '../control/watch.ts';
import { filesIn } from '../state/files.ts';
import { type ConnectionOptions, NoDaemon, stateFor } from './connection.ts';
import { Failed } from './failed.ts';
import { Inspector, type Screen, showSaid } from './inspector.ts';
import { coloured } from './output.ts';
import { type MeantOptions, meantOptions, meantPlugin, readSeconds } from './plugin-options.ts';

interface InspectOptions extends MeantOptions {
  call?: string[];
  watch?: boolean;
  record?: string;
  raw?: boolean;
  configure: boolean;
  timeout: number;
  state?: string;
}

/** What stands beside the answers is read in the logs of others, too: secrets are hidden there. */
const createScreen = (redactor: Redactor = createRedactor()): Screen => ({
  out: (text) => process.stdout.write(text),
  aside: (text) => process.stderr.write(redactor.text(text)),
  colour: coloured(process.stderr),
});

/** Writes a cassette line by line, so that it is there whatever ends the session. */
const openRecording = (file: string | undefined, about: string) => {
  if (file === undefined) return { line: () => {}, close: () => {} };
  // Never over one that is there: it may be the only record of something.
  const descriptor = openSync(file, 'wx', 0o600);
  writeSync(descriptor, cassetteHead(about));
  return {
    /** Without secrets. */
    line: (from: Side, text: string) => {
      writeSync(descriptor, cassetteLine(from, text));
    },
    close: () => closeSync(descriptor),
  };
};

/** Reads lines from a terminal, with completion; resolves when it has been left. */
const prompt = async (inspector: Inspector, ended: Promise<string>, onPrompt: (again: () => void) => void) => {
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
    completer: (line: string) => inspector.complete(line),
    prompt: '> ',
    removeHistoryDuplicates: true,
  });
  onPrompt(() => lines.prompt(true));
  void ended.then(() => lines.close());
  lines.prompt();
  for await (const line of lines) {
    if ((await inspector.run(line)) === 'exit') break;
    lines.prompt();
  }
  lines.close();
};

/** Calls one after another; whether all were answered with a result. */
const runAll = async (inspector: Inspector, lines: Iterable<string> | AsyncIterable<string>): Promise<boolean> => {
  let right = true;
  for await (const line of lines) {
    const done = await inspector.run(line);
    if (done === 'exit') break;
    right &&= done;
  }
  return right;
};

const inspect = async (word: string, options: InspectOptions): Promise<void> => {
  const { subject, instance, settings, hidden, secrets } = await meantPlugin(word, options);
  const { openConversation } = await import('../kit/conversation.ts');
  const redactor = createRedactor(hidden);
  const screen = createScreen(redactor);
  const recording = openRecording(options.record, `${word}, talked to by hand`);
  const timeoutMs = options.timeout * 1000;
  const interactive = options.call === undefined && process.stdin.isTTY === true;
  let again = () => {};
  const onSaid = (from: Side, text: string) => {
    recording.line(from, redactor.line(text));
    if (interactive && from !== 'host') process.stderr.write('\r\x1b[K');
    showSaid(screen, options.raw === true, from, text);
    if (interactive && from !== 'host') again();
  };
  const conversation = await openConversation({
    subject,
    onSaid,
    timeoutMs,
    asker: { connector: instance, secrets },
  });
  let leaving = false;
  const ended = conversation.ended.then((how) => {
    if (!leaving) screen.aside(`The plugin ${how}.\n`);
    return how;
  });
  try {
    const actor = process.env.USER ?? 'inspector';
    const wanted = options.configure ? settings : undefined;
    const inspector = new Inspector({ conversation, screen, instance, actor, timeoutMs, settings: wanted });
    const right = await inspector.begin();
    if (interactive) {
      screen.aside('Type a method, or .help; the end of input ends the plugin.\n');
      await prompt(inspector, ended, (show) => {
        again = show;
      });
      return;
    }
    if (!right) throw new Failed();
    const lines = options.call ?? createInterface({ input: process.stdin });
    if (!(await runAll(inspector, lines))) throw new Failed();
  } finally {
    leaving = true;
    await conversation.stop();
    recording.close();
  }
};

const watch = async (connector: string, options: InspectOptions, where: ConnectionOptions): Promise<void> => {
  const state = stateFor({ ...where, ...(options.state !== undefined && { state: options.state }) });
  const screen = createScreen();
  const redactor = createRedactor();
  const recording = openRecording(options.record, `${connector}, as a daemon talked to it`);
  const over = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => over.abort());
  try {
    for await (const said of askWatch(filesIn(state.directory).control, connector, over.signal)) {
      if ('dropped' in said) {
        screen.aside(`${droppedText(said)}\n`);
        continue;
      }
      const { at, from, text } = said;
      recording.line(from, redactor.line(text));
      showSaid({ ...screen, aside: screen.out }, true, from, text, `${at.slice(11, 23)} `);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ECONNREFUSED') throw error;
    throw new NoDaemon(`No daemon runs on the state directory ${state.directory} (from ${state.source}).`);
  } finally {
    recording.close();
  }
};

const collect = (value: string, before: string[] = []) => [...before, value];

export const inspectCommand = (where: () => ConnectionOptions): Command =>
  meantOptions(new Command('inspect'))
    .description(
      'Talk to a plugin by hand: type a method with its parameters, see what it answers and everything else that it says.\n\nWithout --call, calls are read from standard input, one a line. Answers go to standard output; what is beside them, such as standard error of the plugin (2>) and noise (!!), to standard error.',
    )
    .summary('Talk to a plugin by hand, or watch one that a daemon runs')
    .argument(
      '<plugin>',
      'A path, an address (unix:PATH, tls://HOST:PORT), a connector of the configuration, or a plugin by its name.',
    )
    .option('--call <call>', 'A call to make; can be given several times.', collect)
    .option('--no-configure', 'Do not configure the plugin: ask describe alone.')
    .option('--watch', 'Watch the connector in the daemon that runs on the state directory; secrets are hidden.')
    .option('--state <directory>', 'With --watch: the state directory of the daemon (ANNELID_STATE).')
    .option(
      '--record <file>',
      'Write down what is said as a cassette, secrets hidden; `annelid plugin replay` plays it.',
    )
    .option('--raw', 'Show each line as it is said.')
    .option('--timeout <seconds>', 'How long an answer is waited for.', readSeconds, 30)
    .addHelpText(
      'after',
      '\nExamples:\n  annelid plugin inspect ./mine\n  annelid plugin inspect ./mine --call compute.list --call "compute.get vm=vm-1"\n  annelid plugin inspect --watch kvm1 --record kvm1.cassette',
    )
    .action((word: string, options: InspectOptions) =>
      options.watch === true ? watch(word, options, where()) : inspect(word, options),
    );
