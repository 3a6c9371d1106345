/** Every setting of annelid.yaml as Markdown, for those who write one. */
import { NeededPath, Needs } from '../../plugin-protocol/manifest.ts';
import { fieldsOf, type RecordShape, type Shape } from '../../plugin-protocol/shape.ts';
import { ConnectorSettings, Settings } from '../config/settings.ts';
import { fieldHeads, fieldRows, table } from '../frontends/docs/markdown.ts';

/** These have a place of their own. */
const elsewhere: ReadonlySet<string> = new Set(['limits', 'needs']);

const isRecord = (shape: Shape): shape is RecordShape => shape['x-kind'] === 'record';

/** The settings of a group stand below it, with its name and a dot before theirs. */
const rowsOf = (group: RecordShape, within = ''): string[][] =>
  fieldsOf(group)
    .filter(([name]) => !elsewhere.has(name))
    .flatMap(([name, shape, required]) => {
      const path = `${within}${name}`;
      if (!isRecord(shape)) return fieldRows([[path, shape, required]]);
      return [[`\`${path}\``, 'group', required ? 'yes' : '', '', shape.description], ...rowsOf(shape, `${path}.`)];
    });

const settings = (group: object): string => table(['Setting', ...fieldHeads], rowsOf(group as RecordShape));

export const configuration = (): string => {
  const blocks = [
    '<!-- Made from daemon/config/settings.ts by daemon/generate; change that, not this. -->',
    '# Configuration',
    'What may stand in `annelid.yaml`. `annelid config check` names every mistake with its line, `annelid config show` prints what would be in force. A setting can also be given as `--set NAME=VALUE`. Paths are relative to the file. What a group requires must be there where the group is.',
    '## The daemon',
    settings(Settings),
    'What stands under `limits` is in the [reference](reference.md#limits), what stands under `services` in [service profiles](service-profiles.md).',
    '## Connectors',
    'Under `connectors`, each by its name: letters, digits, `.`, `_` and `-`.',
    settings(ConnectorSettings),
    'Beside these there is `config`: what the plugin gets as it is, and what may stand there is for the plugin to say. In place of a value `{secret: "file:PATH"}` or `{secret: "env:NAME"}` may stand; such values are hidden wherever the configuration is shown.',
    '## What a plugin needs',
    'As `needs` in the `manifest.json` of a plugin, or in its place as `needs` of a connector.',
    settings(Needs),
    '### NeededPath',
    settings(NeededPath),
  ];
  return `${blocks.join('\n\n')}\n`;
};
