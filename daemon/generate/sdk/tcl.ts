/** The generated tables of the Tcl SDK, and its manual pages. */
import type { Target } from '../targets.ts';
import { type Call, describeSdk, type Field, type RecordType, type Surface, type ValueType } from './description.ts';
import { fieldProse, madeFrom, requiredFirst, wrap } from './text.ts';

const folder = 'sdk/tcl/annelid/generated';

/** A word of a list. */
const word = (text: string): string => (/^[\w.$/:-]+$/.test(text) ? text : `{${text}}`);
const words = (texts: readonly string[]): string => texts.map(word).join(' ');

const typeOf = (type: ValueType, surface: string): string => {
  switch (type.kind) {
    case 'enum':
      return `enum {${words(type.words!)}}`;
    case 'list':
      return `list ${word(typeOf(type.items!, surface))}`;
    case 'record':
      return `record ${surface}/${type.record}`;
    case 'ref':
      return 'string';
    default:
      return type.kind;
  }
};

const comment = (text: string, indent: string): string[] =>
  wrap(text, 110 - indent.length).map((line) => `${indent}# ${line}`);

const moduleText = (about: string, lines: readonly string[]): string =>
  `# ${madeFrom}\n#\n# ${about}\n\n${lines.join('\n')}\n`;

const types = (fields: readonly Field[], surface: string): string =>
  fields.map(({ name, type }) => `${name} ${word(typeOf(type, surface))}`).join(' ');

const recordLines = ({ name, doc, fields }: RecordType, surface: string): string[] => [
  ...comment(doc, ''),
  ...fields.flatMap((field) => wrap(`${field.name}: ${fieldProse(field)}`, 104, '    ').map((line) => `#   ${line}`)),
  `dict set annelid::json::Records ${surface}/${name} {`,
  ...fields.map(({ name: member, type }) => `    ${member} ${word(typeOf(type, surface))}`),
  '}',
];

const callLines = ({ name, params, result }: Call, surface: string): string[] => {
  const inOrder = requiredFirst(params);
  return [
    `    ${name} {`,
    `        params {${types(inOrder, surface)}}`,
    `        optional {${words(inOrder.filter(({ required }) => !required).map((field) => field.name))}}`,
    `        result ${word(typeOf(result, surface))}`,
    '    }',
  ];
};

const surfaceModule = (about: string, variable: string, surface: Surface, name: string): string =>
  moduleText(about, [
    `set annelid::${variable} {`,
    ...surface.groups.flatMap(({ calls }) => calls.flatMap((call) => callLines(call, name))),
    '}',
    ...surface.records.flatMap((record) => ['', ...recordLines(record, name)]),
  ]);

const protocolModule = (): string => {
  const { protocolVersion, features, logLevels, faults } = describeSdk();
  return moduleText('What every plugin speaks, and the kinds of fault.', [
    `set annelid::ProtocolVersion ${protocolVersion}`,
    `set annelid::Features {${words(features)}}`,
    `set annelid::LogLevels {${words(logLevels)}}`,
    '',
    ...faults.flatMap(({ kind, code, wireCode, retry, refusal, doc }) => [
      ...comment(doc, ''),
      `dict set annelid::Faults ${kind} {code ${code} wireCode ${wireCode} retry ${Number(retry)} refusal ${Number(refusal)}}`,
    ]),
  ]);
};

export const tclTargets: readonly Target[] = [
  { path: `${folder}/protocol.tcl`, text: protocolModule },
  {
    path: `${folder}/calls.tcl`,
    text: () => surfaceModule('The calls of plugins, and what they answer.', 'Calls', describeSdk().plugin, 'plugin'),
  },
];
