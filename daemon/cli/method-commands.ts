/** The commands that the catalogue describes: one for each noun, and in it one for each verb. */
import { Argument, Command, Option } from 'commander';
import type { Shape } from '../../plugin-protocol/shape.ts';
import { type Method, nounDocs, nouns } from '../catalogue/index.ts';
import { operationMethods } from '../catalogue/work.ts';
import { followable, makeCall } from './calls.ts';
import { type ConnectionOptions, connectionFor } from './connection.ts';
import { commandLineOf, flaggedOf, flagOf, kebab, passwordsOf, positionalsOf, wordsOf } from './names.ts';
import { coloured } from './output.ts';
import { readPassword } from './password.ts';
import { repeatedReader, valueReader } from './values.ts';

/** `--wait` without a number: as long as the daemon lets anyone wait. */
const waitSeconds = 3600;

const metavar: Record<string, string> = { bool: '', map: 'name=value', list: '', record: 'json' };

const valueName = (shape: Shape): string => {
  if (shape['x-kind'] === 'list') return valueName(shape.items);
  if (shape['x-kind'] === 'record')
    return Object.keys(shape.properties)
      .map((name) => `${name}=...`)
      .join(',');
  if (shape['x-kind'] === 'ref') return shape['x-ref'];
  return metavar[shape['x-kind']] || shape['x-kind'];
};

const describe = (shape: Shape, once = false): string => {
  const facts = [shape.description];
  if (shape['x-kind'] === 'list' || shape['x-kind'] === 'map') {
    facts.push(once ? 'As JSON.' : 'Can be given several times.');
  }
  const usual = shape.default;
  if (usual !== undefined && usual !== false && typeof usual !== 'object') facts.push(`Default: ${usual}.`);
  return facts.filter((fact) => fact !== '').join(' ');
};

/** Tells commander the words of an enum, for the help and for completion; what is given is checked by the shape. */
const withChoices = <T extends Argument | Option>(of: T, shape: Shape): T => {
  const one = shape['x-kind'] === 'list' ? shape.items : shape;
  if (one['x-kind'] === 'enum') of.argChoices = [...one.enum];
  return of;
};

/** The name under which commander keeps an option: our parameter names must not depend on its camel-casing. */
const addFlag = (command: Command, name: string, shape: Shape, given: Record<string, unknown>) => {
  const flag = flagOf(name, shape);
  const keep = (value: unknown) => {
    given[name] = value;
    return value;
  };
  if (shape['x-kind'] === 'bool') {
    command.addOption(new Option(flag, describe(shape)));
    const off = new Option(flag.replace('--', '--no-'), `Not: ${shape.description}`);
    if (shape.default !== true) off.hideHelp();
    command.addOption(off.default(undefined));
    const event = flag.slice(2);
    command.on(`option:${event}`, () => keep(true));
    command.on(`option:no-${event}`, () => keep(false));
    return;
  }
  const read = repeatedReader(shape);
  const option = withChoices(new Option(`${flag} <${valueName(shape)}>`, describe(shape)), shape);
  command.addOption(option.argParser((text: string) => keep(read(text, given[name]))));
};

/** The first sentence, or the first paragraph, in one line; what follows may be about parameters. */
const summaryOf = (doc: string): string =>
  doc
    .split(/\.\s|\n\s*(?:\n|[@:])/)[0]!
    .replaceAll(/\s+/g, ' ')
    .replace(/\.$/, '');

/** `words` are what it is called by. */
const commandFor = (
  method: Method,
  connection: () => ConnectionOptions,
  words: readonly string[] = wordsOf(method.name),
): Command => {
  const given: Record<string, unknown> = {};
  const command = new Command(words.at(-1))
    .description([method.doc, method.returns].filter((text) => text !== '').join('\n\n'))
    .summary(summaryOf(method.doc));
  for (const [name, shape] of positionalsOf(method)) {
    const read = valueReader(shape);
    const argument = withChoices(new Argument(`<${kebab(name)}>`, describe(shape, true)), shape);
    command.addArgument(
      argument.argParser((text: string) => {
        given[name] = read(text);
        return given[name];
      }),
    );
  }
  for (const [name, shape] of flaggedOf(method)) {
    if (!(method.changes && name === 'wait')) addFlag(command, name, shape, given);
  }
  const options: {
    wait?: string | boolean;
    json?: boolean;
    columns?: string;
    follow?: boolean;
    passwordFile?: string;
  } = {};
  if (method.changes) {
    command.option('--wait [seconds]', `Wait for the operation to end: an hour, or so many seconds.`);
  }
  if (followable.has(method.name)) command.option('--follow', 'Go on until interrupted.');
  command.option('--json', 'Print the result as JSON.');
  if ('items' in ((method.result as { properties?: object }).properties ?? {})) {
    command.option('--columns <names>', 'The columns of the table, with commas between them.');
  }
  command.addHelpText(
    'after',
    `\nExample:\n  ${commandLineOf(method, method.example.params, words)}${method.changes ? ' --wait' : ''}`,
  );
  return command.action(async () => {
    Object.assign(options, command.opts());
    const wait = options.wait === true ? waitSeconds : options.wait;
    if (wait !== undefined && !(Number(wait) >= 0))
      command.error(`error: --wait takes a number of seconds, not "${wait}"`);
    const where = connection();
    for (const [name] of passwordsOf(method)) given[name] = await readPassword('Password', where.passwordFile);
    await makeCall(connectionFor(where), method, {
      params: given,
      json: options.json === true,
      wait: wait === undefined ? undefined : Number(wait),
      follow: options.follow === true,
      colour: coloured(process.stdout),
      columns: options.columns?.split(','),
    });
  });
};

export const nounCommand = (
  noun: string,
  doc: string,
  methods: readonly Method[],
  connection: () => ConnectionOptions,
): Command => {
  const command = new Command(noun).description(doc);
  for (const method of methods) command.addCommand(commandFor(method, connection));
  return command;
};

/** `annelid why OPERATION`: what is asked most of an operation, in one word. */
export const whyCommand = (connection: () => ConnectionOptions): Command =>
  commandFor(operationMethods.explain, connection, ['why'])
    .summary('Tell what happened to an operation, from every side')
    .addHelpText('after', '\nWhich there are:\n  annelid operation list --state failed');

/** One command for each noun of the catalogue. */
export const methodCommands = (connection: () => ConnectionOptions): Command[] =>
  Object.entries(nouns).map(([noun, group]) =>
    nounCommand(noun, nounDocs[noun as keyof typeof nouns], Object.values(group), connection),
  );
