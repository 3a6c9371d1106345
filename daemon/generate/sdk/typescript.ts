/** The generated modules of the TypeScript SDK: types with their documentation, and what there is by its names. */
import type { Target } from '../targets.ts';
import { type Call, describeSdk, type Field, type Group, type RecordType, type ValueType } from './description.ts';
import { camel, fieldProse, madeFrom, pascal, wrap } from './text.ts';

const folder = 'sdk/typescript/generated';
const width = 120;

const quoted = (text: string) => `'${text}'`;

const typeOf = (type: ValueType): string => {
  switch (type.kind) {
    case 'bool':
      return 'boolean';
    case 'int':
    case 'number':
      return 'number';
    case 'enum':
      return type.words!.map(quoted).join(' | ');
    case 'list': {
      const item = typeOf(type.items!);
      return item.includes('|') ? `(${item})[]` : `${item}[]`;
    }
    case 'map':
      return 'Record<string, string>';
    case 'record':
      return type.record!;
    case 'any':
      return 'unknown';
    default:
      return 'string';
  }
};

/** A comment for documentation. */
const comment = (paragraphs: readonly string[], indent: string): string[] => {
  const text = paragraphs.map((paragraph) => paragraph.replaceAll('*/', '*\\/'));
  const whole = `${indent}/** ${text.join(' ')} */`;
  if (text.length === 1 && whole.length <= width) return [whole];
  const lines = text.flatMap((paragraph) => wrap(paragraph, width - indent.length - 3));
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
};

/** One too long for its line has each of its alternatives on a line of its own. */
const member = (name: string, type: string, indent: string): string[] => {
  const whole = `${indent}${name}: ${type};`;
  if (whole.length <= width || !type.includes(' | ')) return [whole];
  const words = type.split(' | ');
  return [`${indent}${name}:`, ...words.map((word, at) => `${indent}  | ${word}${at + 1 < words.length ? '' : ';'}`)];
};

const field = (of: Field, loose: boolean): string[] => {
  // A variable that is undefined may be passed for a parameter that may be left out.
  const type = `${typeOf(of.type)}${!of.required && loose ? ' | undefined' : ''}`;
  return [...comment([fieldProse(of)], '  '), ...member(`${of.name}${of.required ? '' : '?'}`, type, '  ')];
};

const interfaceText = (name: string, doc: string, fields: readonly Field[], loose: boolean): string[] => [
  '',
  ...comment([doc], ''),
  ...(fields.length === 0
    ? [`export type ${name} = Record<never, never>;`]
    : [`export interface ${name} {`, ...fields.flatMap((of) => field(of, loose)), '}']),
];

const moduleText = (about: string, lines: readonly string[]): string =>
  `// ${madeFrom}\n/** ${about} */\n${lines.join('\n')}\n`;

const recordsModule = (about: string, records: readonly RecordType[]): string =>
  moduleText(
    about,
    records.flatMap(({ name, doc, fields }) => interfaceText(name, doc, fields, false)),
  );

const recordNames = (calls: readonly Call[]): string[] => {
  const held = (type: ValueType): string[] => (type.items ? held(type.items) : type.record ? [type.record] : []);
  const names = calls.flatMap(({ params, result }) => [...params.flatMap(({ type }) => held(type)), ...held(result)]);
  return [...new Set(names)].sort();
};
const importFrom = (module: string, names: readonly string[]): string[] => [
  'import type {',
  ...names.map((name) => `  ${name},`),
  `} from ${quoted(module)};`,
];

const paramsName = ({ words }: Call) => `${pascal(words)}Params`;
const paramsText = (calls: readonly Call[], loose: boolean): string[] =>
  calls
    .filter(({ params }) => params.length > 0)
    .flatMap((call) => interfaceText(paramsName(call), `Parameters of \`${call.name}\`.`, call.params, loose));

const callsModule = (groups: readonly Group[], records: readonly RecordType[]): string => {
  const calls = groups.flatMap((group) => group.calls);
  const empty = new Set(records.filter(({ fields }) => fields.length === 0).map(({ name }) => name));
  // What has nothing to say need not be said.
  const result = ({ result: type }: Call) => (empty.has(type.record ?? '') ? 'object | void' : typeOf(type));
  return moduleText('The calls of plugins.', [
    ...importFrom(
      './resources.ts',
      recordNames(calls).filter((name) => !empty.has(name)),
    ),
    ...paramsText(calls, false),
    '',
    '/** What each call is given, and what it answers. */',
    'export interface CallTypes {',
    ...calls.flatMap((call) => [
      ...comment([call.doc], '  '),
      `  ${quoted(call.name)}: { params: ${call.params.length === 0 ? 'object' : paramsName(call)}; result: ${result(call)} };`,
    ]),
    '}',
    '',
    '/** All of them. */',
    'export const callNames: readonly (keyof CallTypes)[] = [',
    ...calls.map(({ name }) => `  ${quoted(name)},`),
    '];',
  ]);
};

const apiMethod = (call: Call): string[] => {
  const optional = call.params.every(({ required }) => !required);
  const params = call.params.length === 0 ? 'Record<string, never>' : paramsName(call);
  return [
    ...comment(
      [
        call.doc,
        '',
        `@returns ${call.returns}`,
        `@throws {Fault} ${call.faults.map((kind) => `\`${kind}\``).join(', ')}.`,
      ],
      '  ',
    ),
    `  ${camel(call.words.slice(1))}(params${optional ? '?' : ''}: ${params}, options?: CallOptions): Promise<${typeOf(call.result)}>;`,
  ];
};

const methodsModule = (groups: readonly Group[]): string => {
  const calls = groups.flatMap((group) => group.calls);
  const typeName = (group: Group) => `${pascal([group.name])}Methods`;
  return moduleText('The methods of the daemon.', [
    "import type { CallOptions } from '../client/options.ts';",
    ...importFrom('./records.ts', recordNames(calls)),
    ...paramsText(calls, true),
    ...groups.flatMap((group) => [
      '',
      ...comment([group.doc], ''),
      `export interface ${typeName(group)} {`,
      ...group.calls.flatMap((call, at) => [...(at === 0 ? [] : ['']), ...apiMethod(call)]),
      '}',
    ]),
    '',
    '/** Every method of the daemon, by its noun. */',
    'export interface Methods {',
    ...groups.flatMap((group) => [...comment([group.doc], '  '), `  ${group.name}: ${typeName(group)};`]),
    '}',
    '',
    '/** Their names on the wire. */',
    'export const methodNames: readonly string[] = [',
    ...calls.map(({ name }) => `  ${quoted(name)},`),
    '];',
  ]);
};

export const typescriptTargets: readonly Target[] = [
  {
    path: `${folder}/resources.ts`,
    text: () => recordsModule('What plugins answer, as it is in JSON.', describeSdk().plugin.records),
  },
  {
    path: `${folder}/calls.ts`,
    text: () => callsModule(describeSdk().plugin.groups, describeSdk().plugin.records),
  },
  {
    path: `${folder}/records.ts`,
    text: () => recordsModule('What the daemon answers, as it is in JSON.', describeSdk().api.records),
  },
  { path: `${folder}/methods.ts`, text: () => methodsModule(describeSdk().api.groups) },
];
