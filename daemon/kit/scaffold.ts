/** Makes a plugin from a template: a folder with a program, its test, a manifest and the rest, which passes as it is. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Kind, type KindRow, kinds } from './kinds.ts';
import { type Language, type LanguageRow, languages } from './languages.ts';

/** The top of the checkout, or of the package as it is installed. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const templates = join(root, 'sdk/templates');

/** What it is called in a manifest and as a folder. */
const pluginName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const longestName = 63;

export interface Wanted {
  name: string;
  language: Language;
  kind: Kind;
  /** Without the kit of the language. */
  bare: boolean;
  /** The folder to make. */
  folder: string;
  /** Names that no service may have. */
  taken: ReadonlySet<string>;
}

export interface Made {
  /** Its files, by their paths in the folder. */
  files: string[];
  /** What runs its tests, in its folder. */
  test: string;
  /** Whether the kit is found where the template looks for it. */
  linked: boolean;
}

/** It cannot be made; says why. */
class ScaffoldError extends Error {
  override name = 'ScaffoldError';
}

const fail = (why: string): never => {
  throw new ScaffoldError(why);
};

/** `my-cloud` as `MyCloud`. */
const camel = (name: string) => name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/**
 * In the templates the plugin is called `sample-plugin`, its class `SamplePlugin` and its service `samplePlugin`. Classes end
 * in `Plugin` whatever the name, since languages have a `String`, a `Map` and a `PStore` of their own.
 */
const renamer = (name: string) => {
  const camelName = camel(name);
  const className = `${camelName.replace(/Plugin$/, '')}Plugin`;
  const service = `${camelName.slice(0, 1).toLowerCase()}${camelName.slice(1)}`;
  return {
    service,
    rename: (text: string) =>
      text.replaceAll('sample-plugin', name).replaceAll('SamplePlugin', className).replaceAll('samplePlugin', service),
  };
};

/** The program of a plugin that drives machines is the example of its kit, by the names of a template. */
const exampleOf = (language: Language): string => {
  const { kit, end } = languages[language];
  const text = readFileSync(join(root, kit, `examples/cloud.${end}`), 'utf8');
  return text.replaceAll(/\bCloud\b/g, 'SamplePlugin').replaceAll(/(?<=['"]|serve )cloud(?=['" ])/g, 'sample-plugin');
};

const filesBelow = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((path) => statSync(join(folder, path)).isFile()).sort();

/** Languages that have a template without a kit, for a kind. */
const bareLanguages = (kind: Kind): string[] =>
  Object.keys(languages).filter((language) => existsSync(join(templates, language, `${kind}-bare`)));

/**
 * A template is these folders, each over the one before: what all plugins have, what all of a language have, the kind, and
 * what is else without a kit. One without a program gets the example.
 */
const layersOf = ({ language, kind, bare }: Wanted): string[] =>
  ['shared', `${language}/common`, `${language}/${kind}`, ...(bare ? [`${language}/${kind}-bare`] : [])].map((layer) =>
    join(templates, layer),
  );

/** JSON in one line, as people write it. */
const oneLine = (value: unknown): string =>
  JSON.stringify(value, undefined, 1)
    .replaceAll(/\n */g, ' ')
    .replaceAll(/\[ | \]/g, (bracket) => bracket.trim());

/** Its `manifest.json`, one member a line. */
const manifestOf = ({ language, kind, bare }: Wanted): string => {
  const { run, needs = {} }: LanguageRow = languages[language];
  const { summary, check }: KindRow = kinds[kind];
  const about = { name: 'sample-plugin', version: '0.1.0', summary, run: bare ? run.bare : run.linked };
  const manifest = { ...about, needs: needs[kind] ?? {}, check };
  const members = Object.entries(manifest).filter(([, value]) => value !== undefined);
  return `{\n${members.map(([name, value]) => `  ${JSON.stringify(name)}: ${oneLine(value)}`).join(',\n')}\n}\n`;
};

/** What stands in the files of `shared` where these have `{{NAME}}`. */
const slotsOf = ({ language, kind, bare }: Wanted): Record<string, string> => {
  const { end, test, prepare, package: kit, install, hash, ignored }: LanguageRow = languages[language];
  const { about, before = '', instance, use, notes, ignored: written }: KindRow = kinds[kind];
  const link = `\`annelid\` in this folder is a link to the Annelid that made it, and not part of the plugin: on another machine make it again, with \`ln -s CHECKOUT annelid\`.`;
  return {
    annelid: bare ? 'Annelid' : '[Annelid](annelid/README.md)',
    about,
    program: `main.${end}`,
    calls: bare ? '`docs/plugin-calls.md` of Annelid' : '[docs/plugin-calls.md](annelid/docs/plugin-calls.md)',
    test,
    before,
    instance: instance.map((line) => `\n    ${line}`).join(''),
    use: use.join('\n'),
    notes: notes === undefined ? '' : `${notes}\n\n`,
    hash,
    kit: bare
      ? 'It needs no library: what goes over its pipes is in `plugin-protocol/PROTOCOL.md` of Annelid.'
      : `The kit is ${kit}. ${link} ${install}`,
    ignored: [...ignored, ...written].join('\n'),
    steps: [...prepare, test].map((command) => `      - run: ${command}`).join('\n'),
  };
};

/** With what stands in the slots filled in, too. */
const filled = (text: string, slots: Record<string, string>): string =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (_, slot: string) => filled(slots[slot]!, slots));

const check = (wanted: Wanted, service: string): string[] => {
  const { name, language, kind, folder, taken } = wanted;
  if (!pluginName.test(name) || name.length > longestName) {
    fail(
      `A plugin cannot be called ${JSON.stringify(name)}: its name is small letters and digits, with "-" between them, and begins with a letter, as in my-cloud; at most ${longestName} of them.`,
    );
  }
  if (kinds[kind].publishes && taken.has(service)) {
    fail(`A service cannot be called ${service}: the name is taken by the catalogue or the protocol.`);
  }
  const layers = layersOf(wanted);
  if (!layers.every(existsSync)) {
    const known = bareLanguages(kind);
    fail(
      `There is no template without a library for ${kind} in ${language}${known.length > 0 ? `; there are ones in ${known.join(', ')}` : ''}.`,
    );
  }
  if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)) {
    fail(`${folder} is there already; nothing was changed. Choose another name, or another folder with --to.`);
  }
  return layers;
};

/** Throws `ScaffoldError`, with nothing made. */
export const scaffold = (wanted: Wanted): Made => {
  const { rename, service } = renamer(wanted.name);
  const layers = check(wanted, service);
  const { folder, language, bare } = wanted;
  const { test, kit, end, links } = languages[language];
  mkdirSync(dirname(folder), { recursive: true });
  // Whole or not at all: it gets its name when it is done.
  const draft = `${folder}.new-${process.pid}`;
  try {
    for (const layer of layers) cpSync(layer, draft, { recursive: true });
    const program = join(draft, `main.${end}`);
    if (!existsSync(program)) writeFileSync(program, exampleOf(language));
    writeFileSync(join(draft, 'manifest.json'), manifestOf(wanted));
    const files = filesBelow(draft);
    const slots = slotsOf(wanted);
    for (const path of files)
      writeFileSync(join(draft, path), rename(filled(readFileSync(join(draft, path), 'utf8'), slots)));
    const linked = !bare && existsSync(join(root, kit));
    if (linked) {
      symlinkSync(root.replace(/\/$/, ''), join(draft, 'annelid'));
      for (const [link, target] of Object.entries(links)) {
        mkdirSync(dirname(join(draft, link)), { recursive: true });
        symlinkSync(target, join(draft, link));
      }
    }
    renameSync(draft, folder);
    return { files, test, linked };
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
};
