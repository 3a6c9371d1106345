/**
 * `annelid completion SHELL`: a script that completes commands, options and their values, made from the commands
 * themselves. It holds all of it, so that a shell starts nothing when it completes a word.
 */
import { Argument, Command } from 'commander';

/** A command where it stands: `vm list`; the whole program is the empty path. */
interface Place {
  path: string;
  /** Commands and options that can follow, with what they do. */
  words: [word: string, does: string][];
  /** The values of options that take one; none are known where any value is good. */
  values: [option: string, known: readonly string[]][];
}

const placesIn = (command: Command, path: string): Place[] => {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter(({ long }) => long !== undefined);
  const commands = help.visibleCommands(command);
  const sentence = (text: string) => text.split('\n')[0] ?? '';
  return [
    {
      path,
      words: [
        ...commands.map((inner): [string, string] => [inner.name(), sentence(help.subcommandDescription(inner))]),
        ...options.map(({ long, description }): [string, string] => [long!, sentence(description)]),
      ],
      values: options
        .filter(({ required, optional }) => required || optional)
        .map(({ long, argChoices }) => [long!, argChoices ?? []]),
    },
    ...commands.flatMap((inner) => placesIn(inner, `${path} ${inner.name()}`.trimStart())),
  ];
};

/** A word of any shell. */
const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, ' ')}'`;

const bash = (places: readonly Place[]): string => `_annelid() {
  local word="\${COMP_WORDS[COMP_CWORD]}" path='' words='' at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "\${path:+$path }\${COMP_WORDS[at]}" in
      ${places
        .slice(1)
        .map(({ path }) => quoted(path))
        .join('|')}) path="\${path:+$path }\${COMP_WORDS[at]}" ;;
    esac
  done
  case "$path" in
${places.map(({ path, words }) => `    ${quoted(path)}) words=${quoted(words.map(([word]) => word).join(' '))} ;;`).join('\n')}
  esac
  case "$path \${COMP_WORDS[COMP_CWORD - 1]}" in
${places.flatMap(({ path, values }) => values.map(([option, known]) => `    ${quoted(`${path} ${option}`)}) words=${quoted(known.join(' '))} ;;`)).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _annelid annelid
`;

const zsh = (places: readonly Place[]): string => `autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
${bash(places)}`;

const fishWords = (condition: string, words: readonly [string, string][]): string[] =>
  words.map(([word, does]) => `complete -c annelid -f -n ${condition} -a ${quoted(word)} -d ${quoted(does)}`);

const fish = (places: readonly Place[]): string => `function __annelid_path
  set -l path
  for word in (commandline -opc)[2..-1]
    if contains -- (string join ' ' -- $path $word) ${places
      .slice(1)
      .map(({ path }) => quoted(path))
      .join(' ')}
      set path $path $word
    end
  end
  string join ' ' -- $path
end
function __annelid_at
  test "$(__annelid_path)" = "$argv[1]"
end
function __annelid_value
  __annelid_at $argv[1]; and test (commandline -opc)[-1] = "$argv[2]"
end
${places
  .flatMap(({ path, words, values }) => [
    ...fishWords(`"__annelid_at ${quoted(path)}"`, words),
    ...values.flatMap(([option, known]) =>
      fishWords(
        `"__annelid_value ${quoted(path)} ${quoted(option)}"`,
        known.map((value) => [value, '']),
      ),
    ),
  ])
  .join('\n')}
`;

const scripts = { bash, zsh, fish };
type Shell = keyof typeof scripts;

export const completionCommand = (program: Command): Command =>
  new Command('completion')
    .description('Print a script with which a shell completes commands: source <(annelid completion bash)')
    .addArgument(new Argument('<shell>', 'The shell.').choices(Object.keys(scripts)))
    .action((shell: Shell) => {
      process.stdout.write(scripts[shell](placesIn(program, '')));
    });
