/** The generated files of the Ruby SDK. */
import type { Target } from '../targets.ts';
import { type Call, describeSdk, type Field, type RecordType, wordsOf } from './description.ts';
import {
  className,
  comment,
  file,
  gap,
  membersOf,
  parameter,
  params,
  proseOf,
  quoted,
  signature,
  typeOf,
  width,
} from './ruby-text.ts';
import { inSeconds, pascal, requiredFirst, snake, wrap } from './text.ts';

const folder = 'sdk/ruby/lib/annelid/generated';

const pluginMethod = (call: Call, isSilent: boolean): string[] => {
  const fields = requiredFirst(call.params);
  const words = fields.map((field) => `${parameter(field)}:${field.required ? '' : ' nil'}`);
  const type = isSilent ? 'void' : typeOf(call.result, 'Resources', true);
  const result = isSilent ? '' : ` ${call.returns}${membersOf(call.result, 'Resources')}`;
  return [
    '',
    ...comment(call.doc, '    '),
    gap('    '),
    ...params(fields, 'Resources', false),
    ...comment(`@return [${type}]${result}`, '    ', '  '),
    ...signature(snake(call.words), words),
    `      raise NotImplementedError, ${quoted(call.name)}`,
    '    end',
  ];
};

const table = (name: string, calls: readonly Call[]): string[] => [
  `  ${name} = {`,
  ...calls.map(
    ({ name: call, words }, at) => `    ${snake(words)}: ${quoted(call)}${at + 1 < calls.length ? ',' : ''}`,
  ),
  '  }.freeze',
];

const callsFile = (): string => {
  const { plugin, base } = describeSdk();
  const { groups, records } = plugin;
  const calls = groups.flatMap((group) => group.calls);
  const empty = new Set(records.filter(({ fields }) => fields.length === 0).map(({ name }) => name));
  const silent = [...calls, ...base].filter(({ result }) => empty.has(result.record ?? ''));
  return file([
    '  # Calls by the names of their methods.',
    ...table('CALLS', calls),
    '',
    '  # What is asked of every connector that has it.',
    ...table('BASE_CALLS', base),
    '',
    '  # Those that answer nothing, whatever their methods return.',
    `  SILENT_CALLS = %i[${silent.map(({ words }) => snake(words)).join(' ')}].freeze`,
    '',
    '  # Every call of the protocol; a connector has those that its cloud can do.',
    '  module Calls',
    ...[...calls, ...base].flatMap((call) => pluginMethod(call, silent.includes(call))).slice(1),
    '  end',
  ]);
};

const apiMethod = (call: Call): string[] => {
  const fields = requiredFirst(call.params);
  const words = fields.map((field) => (field.required ? parameter(field) : `${parameter(field)}: nil`));
  const given = fields.map(({ name }) => `${name}: ${name}`);
  const one = `      @call.call(${quoted(call.name)}, {${given.length === 0 ? '' : ` ${given.join(', ')} `}})`;
  const result = `@return [${typeOf(call.result, 'Records', false)}] ${call.returns}${membersOf(call.result, 'Records')}`;
  return [
    '',
    ...comment(call.doc, '    '),
    gap('    '),
    ...params(fields, 'Records', false),
    ...comment(result, '    ', '  '),
    ...comment(`@raise [Fault] ${call.faults.join(', ')}`, '    ', '  '),
    ...signature(snake(call.words.slice(1)), words),
    ...(one.length <= width
      ? [one]
      : [
          '      @call.call(',
          `        ${quoted(call.name)},`,
          '        {',
          ...given.map((pair, at) => `          ${pair}${at + 1 < given.length ? ',' : ''}`),
          '        }',
          '      )',
        ]),
    '    end',
  ];
};

const methodsFile = (): string => {
  const { groups } = describeSdk().api;
  const classOf = (name: string) => `${pascal([name])}Methods`;
  return file([
    '  # The methods of one noun.',
    '  class NounMethods',
    '    # @api private',
    '    def initialize(call)',
    '      @call = call',
    '    end',
    '  end',
    ...groups.flatMap((group) => [
      '',
      ...comment(group.doc, '  '),
      `  class ${classOf(group.name)} < NounMethods`,
      ...group.calls.flatMap(apiMethod).slice(1),
      '  end',
    ]),
    '',
    '  # Every method of the daemon, by its noun.',
    '  class Methods',
    ...groups.flatMap(({ name, doc }) => [
      ...comment(`@return [${classOf(name)}] ${doc}`, '    ', '  '),
      `    attr_reader :${name}`,
      '',
    ]),
    '    # @api private',
    '    def initialize(call)',
    ...groups.map(({ name }) => `      @${name} = ${classOf(name)}.new(call)`),
    '    end',
    '  end',
  ]);
};

const faultsFile = (): string =>
  file(
    describeSdk()
      .faults.flatMap((fault) => [
        '',
        ...comment(fault.doc, '  '),
        `  class ${className(fault.words)} < Fault`,
        `    describe ${[
          quoted(fault.kind),
          `code: ${fault.code}`,
          `wire_code: ${fault.wireCode}`,
          ...(fault.retry ? ['again: true'] : []),
          ...(fault.refusal ? ['refusal: true'] : []),
        ].join(', ')}`,
        '  end',
      ])
      .slice(1),
  );

const reader = (name: string, type: string, doc: string, lines: readonly string[]): string[] => [
  '',
  ...comment(`@return [${type}] ${doc}`, '    ', '  '),
  ...(lines.length === 0
    ? [`    attr_reader :${name}`]
    : [`    def ${name}`, ...lines.map((line) => `      ${line}`), '    end']),
];

const faultDataFile = (): string => {
  const { faultData } = describeSdk();
  return file([
    '  # What may go with the sentence of a fault.',
    '  module FaultData',
    '    # Its names.',
    `    DATA = %i[${faultData.map(({ name }) => name).join(' ')}].freeze`,
    ...faultData.flatMap((field) => {
      const type = field.type.kind === 'any' ? 'Hash' : typeOf(field.type, '', false);
      return reader(field.name, `${type}, nil`, proseOf(field), []);
    }),
    '  end',
  ]);
};

/** The type of a member of the context, and what reads it: whatever a host sends, reading does not fail. */
const contextReading = ({ name, type, required }: Field): [type: string, line: string] => {
  const at = `@ctx[:${name}]`;
  if (inSeconds(name) !== undefined) return ['Float, nil', `${at}&.fdiv(1000)`];
  switch (type.kind) {
    case 'int':
      return ['Integer', `${at} || 1`];
    case 'list':
      return ['Array<String>', `Array(${at})`];
    case 'record':
      return ['Hash{Symbol => Object}', `${at} || {}`];
    default:
      return required ? ['String', `${at}.to_s`] : ['String, nil', at];
  }
};

const contextFile = (): string =>
  file([
    '  # What goes with a call.',
    '  module Context',
    ...describeSdk()
      .context.flatMap((field) => {
        const seconds = inSeconds(field.name);
        const [type, line] = contextReading(field);
        const doc = seconds === undefined ? field.doc : field.doc.replace('Milliseconds', 'Seconds');
        return reader(snake(wordsOf(seconds ?? field.name)), type, doc, [line]);
      })
      .slice(1),
    '  end',
  ]);

const recordsFile = (module: string, about: string, records: readonly RecordType[], ours: boolean): string =>
  file([
    ...comment(about, '  '),
    `  module ${module}`,
    ...records
      .flatMap(({ name, doc, fields }) => {
        const members = fields.flatMap((field) =>
          comment(
            `- \`${field.name}\` (\`${typeOf(field.type, module, ours)}\`${field.required ? '' : ', may be left out'}): ${proseOf(field)}${membersOf(field.type, module)}`,
            '    ',
            '  ',
          ),
        );
        const names = fields.map((field) => field.name).join(' ');
        const whole = `    ${name} = %i[${names}].freeze`;
        return [
          '',
          ...comment(doc, '    '),
          ...(members.length > 0 ? [gap('    '), ...members] : []),
          ...(whole.length <= width
            ? [whole]
            : [`    ${name} = %i[`, ...wrap(names, width - 6).map((line) => `      ${line}`), '    ].freeze']),
        ];
      })
      .slice(1),
    '  end',
  ]);

const protocolFile = (): string => {
  const { protocolVersion, features } = describeSdk();
  return file([
    '  # The version of the protocol that is spoken.',
    `  PROTOCOL_VERSION = ${protocolVersion}`,
    '  # What every plugin can do beside calls.',
    `  FEATURES = %w[${features.join(' ')}].freeze`,
  ]);
};

export const rubyTargets: readonly Target[] = [
  { path: `${folder}/protocol.rb`, text: protocolFile },
  { path: `${folder}/fault_data.rb`, text: faultDataFile },
  { path: `${folder}/context.rb`, text: contextFile },
  { path: `${folder}/faults.rb`, text: faultsFile },
  { path: `${folder}/calls.rb`, text: callsFile },
  {
    path: `${folder}/resources.rb`,
    text: () =>
      recordsFile(
        'Resources',
        'The members of what plugins get and answer, which are hashes.',
        describeSdk().plugin.records,
        true,
      ),
  },
  { path: `${folder}/methods.rb`, text: methodsFile },
  {
    path: `${folder}/records.rb`,
    text: () =>
      recordsFile(
        'Records',
        'The members of what the daemon gets and answers, which are hashes.',
        describeSdk().api.records,
        false,
      ),
  },
];
