/** What the kit for Python stands on: the data of faults, and what goes with a call. */
import { describeSdk, type Field, wordsOf } from './description.ts';
import { args, docstring, importsFor, moduleText, prose, quoted, typingNames, width } from './python-text.ts';
import { inSeconds, snake } from './text.ts';

const message: Field = {
  name: 'message',
  type: { kind: 'string' },
  required: true,
  doc: 'What is wrong, and with what. It is shown to users: no secrets, no traces.',
  bounds: '',
};

const documented = (field: Field): Field =>
  field.type.words === undefined
    ? field
    : { ...field, doc: `${field.doc} One of ${field.type.words.map((word) => `\`${word}\``).join(', ')}.` };

const dataType = ({ type }: Field): string => ({ int: 'int', any: 'dict[str, Any]' })[type.kind as string] ?? 'str';

export const faultDataModule = (): string => {
  const { faultData } = describeSdk();
  const body = [
    'class FaultData(Exception):',
    ...docstring([['A sentence, and what is known beside it.'], args([message, ...faultData].map(documented))], '    '),
    '',
    '    DATA: ClassVar[tuple[str, ...]] = (',
    ...faultData.map(({ name }) => `        ${quoted(name)},`),
    '    )',
    '',
    '    def __init__(',
    '        self,',
    '        message: str,',
    '        *,',
    ...faultData.map((field) => `        ${field.name}: Optional[${dataType(field)}] = None,`),
    '    ) -> None:',
    '        super().__init__(message)',
    ...[message, ...faultData].map(({ name }) => `        self.${name} = ${name}`),
  ];
  return moduleText('What goes with a fault.', [
    ...importsFor(body, 'typing', [...typingNames, 'ClassVar']),
    '',
    '',
    ...body,
  ]);
};

/** The type of a member of the context, and the lines that read it: whatever a host sends, reading does not fail. */
const reading = ({ name, type, required }: Field): [type: string, lines: string[]] => {
  const at = `self._ctx.get(${quoted(name)}`;
  if (inSeconds(name) !== undefined) {
    return ['Optional[float]', [`given = ${at})`, 'return given / 1000 if isinstance(given, (int, float)) else None']];
  }
  switch (type.kind) {
    case 'int':
      return ['int', [`return int(${at}, 1))`]];
    case 'list':
      return ['tuple[str, ...]', [`return tuple(${at}, ()))`]];
    case 'record':
      return ['dict[str, Any]', [`given = ${at})`, 'return given if isinstance(given, dict) else {}']];
    default:
      return required ? ['str', [`return str(${at}, ""))`]] : ['Optional[str]', [`return ${at})`]];
  }
};

export const contextModule = (): string => {
  const { context } = describeSdk();
  const body = [
    'class Context:',
    ...docstring([['What goes with a call.']], '    '),
    '',
    '    __slots__ = ("_ctx",)',
    '',
    '    def __init__(self, ctx: dict[str, Any]) -> None:',
    '        self._ctx = ctx',
    ...context.flatMap((field) => {
      const [type, lines] = reading(field);
      const seconds = inSeconds(field.name);
      const doc = seconds === undefined ? field.doc : field.doc.replace('Milliseconds', 'Seconds');
      const whole = type.startsWith('Optional') ? doc.replace(/\.$/, '; None when there is none.') : doc;
      return [
        '',
        '    @property',
        `    def ${snake(wordsOf(seconds ?? field.name))}(self) -> ${type}:`,
        ...docstring(whole.length < width - 14 ? [[whole]] : prose(whole, '        '), '        '),
        ...lines.map((line) => `        ${line}`),
      ];
    }),
  ];
  return moduleText('The context of calls.', [...importsFor(body, 'typing', typingNames), '', '', ...body]);
};
