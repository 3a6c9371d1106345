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

const recordLines = ({ name, doc, fields }: RecordType, surface: string): string[] => [
  ...comment(doc, ''),
  ...fields.flatMap((field) => wrap(`${field.name}: ${fieldProse(field)}`, 104, '    ').map((line) => `#   ${line}`)),
  `dict set annelid::json::Records ${surface}/${name} {`,
  ...fields.map(({ name: member, type }) => `    ${member} ${word(typeOf(type, surface))}`),
  '}',
];

/** How it is called: by its parameters in their order, or by options for what may be left out. */
type Synopsis = (call: Call, params: readonly Field[]) => string;
const asMethod: Synopsis = ({ name }, params) =>
  [name, ...params.map((field) => (field.required ? field.name : `?${field.name}?`))].join(' ');
const asCommand: Synopsis = ({ name }, params) =>
  [name, ...params.map((field) => (field.required ? field.name : `?-${field.name} value?`))].join(' ');

const callLines = (variable: string, call: Call, surface: string, synopsis: Synopsis): string[] => {
  const params = requiredFirst(call.params);
  const result = typeOf(call.result, surface);
  return [
    ...wrap(synopsis(call, params), 106, '    ').map((line) => `# ${line}`),
    '#',
    ...wrap(call.doc, 104).map((line) => `#   ${line}`),
    ...params.flatMap((field) =>
      wrap(`${field.name}: ${fieldProse(field)}`, 102, '    ').map((line) => `#     ${line}`),
    ),
    ...(call.faults.length === 0 ? [] : wrap(`Faults: ${call.faults.join(', ')}.`, 104).map((line) => `#   ${line}`)),
    `dict set annelid::${variable} ${call.name} {`,
    ...(params.length === 0
      ? ['    params {}']
      : [
          '    params {',
          ...params.map((field) => `        ${field.name} ${word(typeOf(field.type, surface))}`),
          '    }',
        ]),
    `    optional {${words(params.filter(({ required }) => !required).map((field) => field.name))}}`,
    `    result ${word(result)}`,
    '}',
  ];
};

const surfaceModule = (about: string, variable: string, surface: Surface, name: string, synopsis: Synopsis): string =>
  moduleText(about, [
    ...surface.groups.flatMap(({ calls }) =>
      calls.flatMap((call) => [...callLines(variable, call, name, synopsis), '']),
    ),
    ...surface.records.flatMap((record, at) => [...(at === 0 ? [] : ['']), ...recordLines(record, name)]),
  ]);

const protocolModule = (): string => {
  const { protocolVersion, features, logLevels, faults, faultData } = describeSdk();
  return moduleText('What every plugin speaks, and the kinds of fault.', [
    `set annelid::ProtocolVersion ${protocolVersion}`,
    `set annelid::Features {${words(features)}}`,
    `set annelid::LogLevels {${words(logLevels)}}`,
    '',
    '# What may go with the sentence of a fault.',
    ...faultData.flatMap((field) =>
      wrap(`${field.name}: ${fieldProse(field)}`, 104, '    ').map((line) => `#   ${line}`),
    ),
    'set annelid::FaultData {',
    ...faultData.map(({ name, type }) => `    ${name} ${type.kind === 'enum' ? 'string' : typeOf(type, '')}`),
    '}',
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
    text: () => {
      const { plugin, base } = describeSdk();
      const asked = base.flatMap((call) => ['', ...callLines('BaseCalls', call, 'plugin', asMethod)]);
      const text = surfaceModule('The calls of plugins, and what they answer.', 'Calls', plugin, 'plugin', asMethod);
      return `${text}${asked.join('\n')}\n`;
    },
  },
  {
    path: `${folder}/methods.tcl`,
    text: () =>
      surfaceModule('The methods of the daemon, and what they answer.', 'Methods', describeSdk().api, 'api', asCommand),
  },
];
