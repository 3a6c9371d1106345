/** `annelid plugin new`: a plugin that works, to begin with. */
import { relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { interfaces } from '../../plugin-protocol/contract/index.ts';
import { nouns } from '../catalogue/index.ts';
import { type Kind, kinds } from '../kit/kinds.ts';
import { type Language, languages } from '../kit/languages.ts';
import { scaffold } from '../kit/scaffold.ts';
import { commandFrom } from './command-from.ts';
import { wordFor } from './names.ts';

interface NewOptions {
  lang: Language;
  kind: Kind;
  to?: string;
  bare?: boolean;
}

const notes = (folder: string, files: readonly string[], test: string, kit: 'bare' | 'linked' | 'absent'): string => {
  const inside = relative(process.cwd(), folder) || '.';
  const install = kit === 'absent' ? `Install its kit first: ${inside}/README.md says how.\n\n` : '';
  const annelid = commandFrom(folder);
  const next = [
    [test, 'run its tests'],
    [`${annelid} plugin check .`, 'hold it against every clause of the protocol'],
    [`${annelid} plugin inspect .`, 'talk to it by hand'],
  ] as const;
  const width = Math.max(...next.map(([words]) => words.length));
  return `Made ${inside}:

${files.map((file) => `  ${file}\n`).join('')}
${install}Next:

  cd ${wordFor(inside)}
${next.map(([words, does]) => `  ${words.padEnd(width)}  ${does}\n`).join('')}
README.md says how a daemon is given it.
`;
};

export const newCommand = (): Command =>
  new Command('new')
    .description(
      'Make a plugin that works: a program, its test, manifest.json, a README and a file for continuous integration. It is a folder of its own; put your calls in the place of those that are there.',
    )
    .summary('Make a plugin that works, to begin with')
    .argument('<name>', 'What it is called: small letters and digits, with "-" between them.')
    .addOption(
      new Option('--lang <language>', 'The language that it is written in.')
        .choices(Object.keys(languages))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--kind <kind>',
        `${Object.entries(kinds)
          .map(([kind, { does }]) => `\`${kind}\` ${does}`)
          .join('; ')}.`,
      )
        .choices(Object.keys(kinds))
        .default('compute'),
    )
    .option('--to <directory>', 'The folder to make; one with the name of the plugin when left out.')
    .option('--bare', 'Without any library: all of the protocol that it needs is in the program.')
    .addHelpText(
      'after',
      '\nExamples:\n  annelid plugin new my-cloud --lang python\n  annelid plugin new greeter --lang ruby --kind service --to plugins/greeter',
    )
    .action((name: string, { lang, kind, to, bare = false }: NewOptions) => {
      const folder = resolve(to ?? name);
      const taken = new Set([...Object.keys(nouns), ...Object.keys(interfaces)]);
      const { files, test, linked } = scaffold({ name, language: lang, kind, bare, folder, taken });
      process.stdout.write(notes(folder, files, test, bare ? 'bare' : linked ? 'linked' : 'absent'));
    });
