/** The generated modules of the Perl SDK. */
import type { Target } from '../targets.ts';
import { type Call, describeSdk, type Field, type Group, wordsOf } from './description.ts';
import {
  definitions,
  fieldDefinitions,
  heading,
  moduleText,
  paragraph,
  quoted,
  recordsPod,
  recordVariables,
  resultWords,
  typeText,
} from './perl-text.ts';
import { inSeconds, pascal, snake } from './text.ts';

const folder = 'sdk/perl/lib/Annelid/Generated';

const exported = (names: string) => ['use Exporter qw(import);', '', `our @EXPORT = qw(${names});`, ''];
const words = (list: readonly string[]) => `qw(${list.join(' ')})`;

const protocolModule = (): string => {
  const { protocolVersion, features, logLevels, faultData } = describeSdk();
  return moduleText(
    'Annelid::Generated::Protocol',
    'what every plugin speaks',
    [
      ...exported('$PROTOCOL_VERSION @FEATURES @LOG_LEVELS %FAULT_DATA'),
      `our $PROTOCOL_VERSION = ${protocolVersion};`,
      `our @FEATURES = ${words(features)};`,
      `our @LOG_LEVELS = ${words(logLevels)};`,
      'our %FAULT_DATA = (',
      ...faultData.map(({ name, type }) => `    ${name} => ${typeText(type)},`),
      ');',
    ],
    [],
  );
};

const faultsModule = (): string => {
  const { faults, faultData } = describeSdk();
  const name = (of: readonly string[]) => `Annelid::Fault::${pascal(of)}`;
  return moduleText(
    'Annelid::Generated::Faults',
    'every kind of fault, as a class of its own',
    faults.flatMap((fault, at) => [
      ...(at === 0 ? [] : ['']),
      `package ${name(fault.words)};`,
      "our @ISA = ('Annelid::Fault');",
      `sub kind { return ${quoted(fault.kind)} }`,
      `sub code { return ${fault.code} }`,
      `sub wire_code { return ${fault.wireCode} }`,
      ...(fault.retry ? ['sub retry { return 1 }'] : []),
      ...(fault.refusal ? ['sub refusal { return 1 }'] : []),
      '__PACKAGE__->_register;',
    ]),
    [
      ...heading(1, 'CLASSES'),
      ...paragraph('Each is an Annelid::Fault, whose methods it has.'),
      ...definitions(faults.map((fault) => [name(fault.words), `\`${fault.kind}\`, ${fault.code}. ${fault.doc}`])),
      ...heading(1, 'DATA'),
      ...paragraph('What may go with the sentence, as pairs; each is a method of the fault, too.'),
      ...fieldDefinitions(faultData),
    ],
  );
};

const parameters = ({ params }: Call): string[] => (params.length === 0 ? [] : fieldDefinitions(params));

const table = (name: string, calls: readonly Call[]): string[] => [
  `our %${name} = (`,
  ...calls.map((call) => `    ${snake(call.words)} => [${quoted(call.name)}, ${typeText(call.result)}],`),
  ');',
];

const callsModule = (): string => {
  const { plugin, base } = describeSdk();
  const { groups, records } = plugin;
  const calls = groups.flatMap((group) => group.calls);
  return moduleText(
    'Annelid::Generated::Calls',
    'the calls of plugins, and what they answer',
    [
      ...exported('@CALLS %CALLS %BASE_CALLS'),
      ...recordVariables(records),
      '',
      '# The types of records by their names.',
      'our %RECORDS = (',
      ...records.map(({ name }) => `    ${name} => $${name},`),
      ');',
      '',
      '# In the order of the contract.',
      'our @CALLS = qw(',
      ...calls.map(({ name }) => `    ${name}`),
      ');',
      '',
      '# By the names of their methods: the call, and the type of its result.',
      ...table('CALLS', calls),
      '',
      '# What is asked of every connector that has it.',
      ...table('BASE_CALLS', base),
    ],
    [
      ...heading(1, 'CALLS'),
      ...paragraph(
        'Each is a method of an Annelid::Connector, gets its parameters as pairs and answers what is said here.',
      ),
      ...[...calls, ...base].flatMap((call) => [
        ...heading(2, snake(call.words)),
        ...paragraph(call.doc),
        ...parameters(call),
        ...paragraph(`Answers ${resultWords(call.result)}.`),
      ]),
      ...heading(1, 'RECORDS'),
      ...recordsPod(records),
    ],
  );
};

const apiMethod = (call: Call): string[] => {
  const name = snake(call.words.slice(1));
  return [
    `sub ${name} {`,
    '    my ($self, %given) = @_;',
    '    state $type = {',
    ...call.params.map((field) => `        ${field.name} => ${typeText(field.type)},`),
    '    };',
    `    return $$self->ask(${quoted(call.name)}, \\%given, $type);`,
    '}',
  ];
};

const methodsModule = (): string => {
  const { groups, records } = describeSdk().api;
  const className = (group: Group) => `Annelid::Generated::Methods::${pascal([group.name])}`;
  // Those that a parameter has: what the daemon answers is taken as it comes.
  const sent = new Set(
    groups.flatMap(({ calls }) => calls.flatMap(({ params }) => params.map(({ type }) => (type.items ?? type).record))),
  );
  return moduleText(
    'Annelid::Generated::Methods',
    'the methods of the daemon',
    [
      ...recordVariables(records.filter(({ name }) => sent.has(name))),
      '',
      '# A noun is a reference to its client.',
      ...groups.map(
        (group) => `sub ${group.name} { my ($self) = @_; return bless \\$self, ${quoted(className(group))} }`,
      ),
      ...groups.flatMap((group) => ['', `package ${className(group)};`, ...group.calls.flatMap(apiMethod)]),
    ],
    [
      ...heading(1, 'METHODS'),
      ...paragraph(
        'Each takes its parameters as pairs, `$api->vm->get(vm => $name)`, answers what is said here, and throws an Annelid::Fault of the kinds that are listed.',
      ),
      ...groups.flatMap((group) => [
        ...group.calls.flatMap((call) => [
          ...heading(2, `${group.name}->${snake(call.words.slice(1))}`),
          ...paragraph(call.doc),
          ...parameters(call),
          ...paragraph(`Answers ${resultWords(call.result)}: ${call.returns}`),
          ...paragraph(`Faults: ${call.faults.join(', ')}.`),
        ]),
      ]),
      ...heading(1, 'RECORDS'),
      ...recordsPod(records),
    ],
  );
};

/** What reads a member of the context: whatever a host sends, reading does not fail. */
const contextReading = ({ name, type, required }: Field): string => {
  const at = `$_[0]{ctx}{${name}}`;
  if (inSeconds(name) !== undefined) return `my $of = ${at}; return defined $of && !ref $of ? $of / 1000 : undef`;
  switch (type.kind) {
    case 'int':
      return `return ${at} // 1`;
    case 'list':
      return `my $of = ${at}; return ref $of eq 'ARRAY' ? @$of : ()`;
    case 'record':
      return `my $of = ${at}; return ref $of eq 'HASH' ? $of : {}`;
    default:
      return required ? `my $of = ${at}; return ref $of ? '' : $of // ''` : `return ${at}`;
  }
};

const contextModule = (): string => {
  const members = describeSdk().context.map((field) => {
    const seconds = inSeconds(field.name);
    const doc = seconds === undefined ? field.doc : field.doc.replace('Milliseconds', 'Seconds');
    return { name: snake(wordsOf(seconds ?? field.name)), doc, reading: contextReading(field) };
  });
  return moduleText(
    'Annelid::Generated::Context',
    'what goes with a call',
    members.map(({ name, reading }) => {
      const isBuiltin = name === 'accept' ? '    ## no critic (ProhibitBuiltinHomonyms): a word of the protocol' : '';
      return `sub ${name} { ${reading} }${isBuiltin}`;
    }),
    [...heading(1, 'METHODS'), ...members.flatMap(({ name, doc }) => [...heading(2, name), ...paragraph(doc)])],
  );
};

export const perlTargets: readonly Target[] = [
  { path: `${folder}/Protocol.pm`, text: protocolModule },
  { path: `${folder}/Context.pm`, text: contextModule },
  { path: `${folder}/Faults.pm`, text: faultsModule },
  { path: `${folder}/Calls.pm`, text: callsModule },
  { path: `${folder}/Methods.pm`, text: methodsModule },
];
