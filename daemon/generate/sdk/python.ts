/** The generated modules of the Python SDK. */
import type { Target } from '../targets.ts';
import { type Call, describeSdk, type Group, type RecordType } from './description.ts';
import { contextModule, faultDataModule } from './python-kit.ts';
import {
  abcNames,
  args,
  docstring,
  importsFor,
  literal,
  moduleText,
  parameter,
  prose,
  quoted,
  signature,
  typingNames,
  width,
} from './python-text.ts';
import { recordsModule, Types } from './python-types.ts';
import { pascal, requiredFirst, snake, wrap } from './text.ts';

const folder = 'sdk/python/src/annelid/generated';

/** What may be left out goes by its name, so that more of it can come, and a subclass can take it all as `**more`. */
const parameters = (types: Types, { params }: Call): string[] => {
  const required = params.filter((field) => field.required);
  const optional = params.filter((field) => !field.required);
  return [
    'self',
    ...required.map((field) => `${parameter(field)}: ${types.of(field.type, false)}`),
    ...(optional.length === 0 ? [] : ['*']),
    ...optional.map((field) => `${parameter(field)}: Optional[${types.of(field.type, false)}] = None`),
  ];
};

const pluginMethod = (types: Types, call: Call, empty: ReadonlySet<string>): string[] => {
  const params = requiredFirst(call.params);
  const indent = '        ';
  const result = empty.has(call.result.record ?? '') ? 'None' : types.of(call.result, true);
  const answer = call.changes ? `Union[${result}, TaskAnswer, NeedAnswer]` : result;
  return [
    ...signature(snake(call.words), parameters(types, call), `Answer[${answer}]`),
    ...docstring([...prose(call.doc, indent), ...(params.length === 0 ? [] : [args(params)])], indent),
    `${indent}raise NotImplementedError(${quoted(call.name)})`,
  ];
};

const namesOf = (calls: readonly Call[]): string[] =>
  calls.map(({ name, words }) => `    ${quoted(snake(words))}: ${quoted(name)},`);

const callsModule = (groups: readonly Group[], base: readonly Call[], records: readonly RecordType[]): string => {
  const types = new Types(records);
  const calls = groups.flatMap((group) => group.calls);
  const empty = new Set(records.filter(({ fields }) => fields.length === 0).map(({ name }) => name));
  const body = [
    'CALLS: dict[str, str] = {',
    ...namesOf(calls),
    '}',
    '"""Calls by the names of their methods."""',
    'BASE_CALLS: dict[str, str] = {',
    ...namesOf(base),
    '}',
    '"""What is asked of every connector that has it."""',
    '',
    'T = TypeVar("T")',
    'Answer = Union[T, Awaitable[T]]',
    '"""What a method answers, or a coroutine that does."""',
    '',
    '',
    'class TaskAnswer(TypedDict):',
    ...docstring(
      prose('Work that goes on, in place of a result. Only where `self.call.accept` has `task`.', '    '),
      '    ',
    ),
    '',
    '    task: TaskHandle',
    ...docstring([['The daemon asks after it; its id must be written where it outlives the process.']], '    '),
    '',
    '',
    'class NeedAnswer(TypedDict):',
    ...docstring(
      prose(
        'What a call needs before it does anything, in place of a result. Only where `self.call.accept` has `need`; it is made again with `self.call.given`.',
        '    ',
      ),
      '    ',
    ),
    '',
    '    need: Need',
    '',
    '',
    'class Calls:',
    ...docstring([['Every call of the protocol; a connector has those that its cloud can do.']], '    '),
    ...[...calls, ...base].flatMap((call) => ['', ...pluginMethod(types, call, empty)]),
  ];
  return moduleText('The calls of plugins.', [
    ...importsFor(body, 'collections.abc', abcNames),
    ...importsFor(body, 'typing', typingNames),
    '',
    ...importsFor(body, '.resources', types.names),
    '',
    ...body,
  ]);
};

const apiMethod = (types: Types, call: Call): string[] => {
  const params = requiredFirst(call.params);
  const indent = '        ';
  const result = types.of(call.result, false);
  const given = params.map(({ name }) => `${quoted(name)}: ${name}`);
  const one = `${indent}result: ${result} = self._call(${quoted(call.name)}, {${given.join(', ')}})`;
  const raises = wrap(`Fault: ${call.faults.join(', ')}.`, width - 12, '    ').map((line) => `    ${line}`);
  return [
    ...signature(snake(call.words.slice(1)), parameters(types, call), result),
    ...docstring(
      [
        ...prose(call.doc, indent),
        ...(params.length === 0 ? [] : [args(params)]),
        ['Returns:', ...wrap(call.returns, width - 12).map((line) => `    ${line}`)],
        ['Raises:', ...raises],
      ],
      indent,
    ),
    ...(one.length <= width
      ? [one]
      : [
          `${indent}result: ${result} = self._call(`,
          `${indent}    ${quoted(call.name)},`,
          `${indent}    {`,
          ...given.map((pair) => `${indent}        ${pair},`),
          `${indent}    },`,
          `${indent})`,
        ]),
    `${indent}return result`,
  ];
};

const methodsModule = (groups: readonly Group[], records: readonly RecordType[]): string => {
  const types = new Types(records);
  const className = (group: Group) => `${pascal([group.name])}Methods`;
  const body = [
    'Invoke = Callable[[str, Mapping[str, Any]], Any]',
    ...groups.flatMap((group) => [
      '',
      '',
      `class ${className(group)}:`,
      ...docstring([[group.doc]], '    '),
      '',
      '    def __init__(self, call: Invoke) -> None:',
      '        self._call = call',
      // In a class with a method `list` that word is the method.
      ...group.calls
        .flatMap((call) => ['', ...apiMethod(types, call)])
        .map((line) => line.replaceAll('list[', 'List[')),
    ]),
    '',
    '',
    'class Methods:',
    ...docstring([['Every method of the daemon, by its noun.']], '    '),
    '',
    '    def __init__(self, call: Invoke) -> None:',
    ...groups.flatMap((group) => [
      `        self.${group.name} = ${className(group)}(call)`,
      ...docstring([[group.doc]], '        '),
    ]),
  ];
  return moduleText('The methods of the daemon.', [
    ...importsFor(body, 'collections.abc', abcNames),
    ...importsFor(body, 'typing', typingNames),
    '',
    ...importsFor(body, '.records', types.names),
    '',
    ...body,
  ]);
};

const faultsModule = (): string => {
  const { faults, outcomes } = describeSdk();
  const classes = faults.map(({ words }) => pascal(words));
  return moduleText('Every kind of fault, as a class of its own.', [
    'from typing import Literal',
    '',
    'from .._fault import Fault',
    '',
    '__all__ = [',
    ...['FaultKind', 'Outcome', ...classes].sort().map((name) => `    ${quoted(name)},`),
    ']',
    '',
    ...literal(
      'FaultKind',
      faults.map(({ kind }) => kind),
    ),
    ...literal('Outcome', outcomes),
    ...faults.flatMap((fault, at) => [
      '',
      '',
      `class ${classes[at]}(Fault):`,
      ...docstring([[fault.doc]], '    '),
      '',
      `    kind = ${quoted(fault.kind)}`,
      `    code = ${fault.code}`,
      `    wire_code = ${fault.wireCode}`,
      ...(fault.retry ? ['    retry = True'] : []),
      ...(fault.refusal ? ['    refusal = True'] : []),
    ]),
  ]);
};

const protocolModule = (): string => {
  const { protocolVersion, features, logLevels } = describeSdk();
  const tuple = (words: readonly string[]) => `(${words.map(quoted).join(', ')})`;
  return moduleText('What every plugin speaks.', [
    `PROTOCOL_VERSION = ${protocolVersion}`,
    `FEATURES = ${tuple(features)}`,
    `LOG_LEVELS = ${tuple(logLevels)}`,
  ]);
};

export const pythonTargets: readonly Target[] = [
  {
    path: `${folder}/__init__.py`,
    text: () => moduleText('What is made from the contract and the catalogue.', []).trimEnd().concat('\n'),
  },
  { path: `${folder}/protocol.py`, text: protocolModule },
  { path: `${folder}/fault_data.py`, text: faultDataModule },
  { path: `${folder}/context.py`, text: contextModule },
  { path: `${folder}/faults.py`, text: faultsModule },
  {
    path: `${folder}/resources.py`,
    text: () => recordsModule('What plugins answer, as it is in JSON.', describeSdk().plugin.records, true),
  },
  {
    path: `${folder}/calls.py`,
    text: () => {
      const { plugin, base } = describeSdk();
      return callsModule(plugin.groups, base, plugin.records);
    },
  },
  {
    path: `${folder}/records.py`,
    text: () => recordsModule('What the daemon answers, as it is in JSON.', describeSdk().api.records, false),
  },
  {
    path: `${folder}/methods.py`,
    text: () => methodsModule(describeSdk().api.groups, describeSdk().api.records),
  },
];
