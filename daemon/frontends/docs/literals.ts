/** Example values as the programming languages write them. */
import { foldAny } from '../../../plugin-protocol/any.ts';
import { fieldsOf, fold, type Shape } from '../../../plugin-protocol/shape.ts';
import { ownField } from './given.ts';

export interface Syntax {
  text(value: string): string;
  bool(value: boolean): string;
  list(items: string[]): string;
  struct(members: [name: string, value: string][]): string;
  /** Where a map is written otherwise than a record. */
  map?(members: [name: string, value: string][]): string;
}

const single = (value: string) => `'${value.replace(/['\\]/g, '\\$&')}'`;
const joined = (open: string, parts: string[], close: string) => `${open}${parts.join(', ')}${close}`;
const arrows = (open: string, close: string) => (members: [string, string][]) =>
  joined(
    open,
    members.map(([name, value]) => `${single(name)} => ${value}`),
    close,
  );

export const syntaxes = {
  python: {
    text: (value) => JSON.stringify(value),
    bool: (value) => (value ? 'True' : 'False'),
    list: (items) => joined('[', items, ']'),
    struct: (members) =>
      joined(
        '{',
        members.map(([name, value]) => `${JSON.stringify(name)}: ${value}`),
        '}',
      ),
  },
  perl: {
    text: single,
    bool: (value) => `XMLRPC::Data->type(boolean => ${value ? 1 : 0})`,
    list: (items) => joined('[', items, ']'),
    struct: arrows('{', '}'),
  },
  // For SoapClient: the WSDL wraps the items of lists and maps.
  php: {
    text: single,
    bool: String,
    list: (items) => `['item' => ${joined('[', items, ']')}]`,
    struct: arrows('[', ']'),
    map: (members) =>
      `['item' => ${joined(
        '[',
        members.map(([key, value]) => `['key' => ${single(key)}, 'value' => ${value}]`),
        ']',
      )}]`,
  },
  ruby: { text: single, bool: String, list: (items) => joined('[', items, ']'), struct: arrows('{', '}') },
} satisfies Record<string, Syntax>;

type Writer = (value: unknown) => string;

/** Compiles what writes values of a shape in a language. */
export const literalWriter = (syntax: Syntax): ((shape: Shape) => Writer) => {
  const text = () => (value: unknown) => syntax.text(value as string);
  return fold<Writer>({
    bool: () => (value) => syntax.bool(value as boolean),
    int: () => String,
    number: () => (value) => (Number.isInteger(value) ? `${value}.0` : String(value)),
    counter: text,
    string: text,
    enum: text,
    time: text,
    bytes: text,
    ref: text,
    any: () =>
      foldAny<string>({
        nil: () => syntax.text(''),
        bool: syntax.bool,
        number: String,
        string: syntax.text,
        time: syntax.text,
        bytes: syntax.text,
        counter: syntax.text,
        list: (items, inner) => syntax.list(items.map(inner)),
        map: (members, inner) => (syntax.map ?? syntax.struct)(members.map(([name, value]) => [name, inner(value)])),
      }),
    list: (shape, inner) => (value) => syntax.list((value as unknown[]).map(inner(shape.items))),
    record: (shape, inner) => {
      const fields = fieldsOf(shape).map(([name, field]) => [name, inner(field)] as const);
      return (value) =>
        syntax.struct(
          fields.flatMap(([name, write]): [string, string][] => {
            const member = ownField(value, name);
            return member === undefined ? [] : [[name, write(member)]];
          }),
        );
    },
    map: () => (value) =>
      (syntax.map ?? syntax.struct)(
        Object.entries(value as Record<string, string>).map(([name, member]) => [name, syntax.text(member)]),
      ),
  });
};
