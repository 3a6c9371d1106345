/** The part of the gSOAP client that depends on what is generated from the WSDL: `calls.h`, from `soapStub.h`. */
import { lowerCamel, paramsOf } from '../../daemon/catalogue/method.ts';
import type { PlannedCall } from './client.ts';
import { type Told, told } from './notation.ts';

interface Field {
  type: string;
  name: string;
}
interface Stub {
  structs: ReadonlyMap<string, Field[]>;
  /** What comes after the address and the action in the function of an operation. */
  functions: ReadonlyMap<string, Field[]>;
}

const fieldFrom = (text: string): Field => {
  const [, type, stars, name] = /^(.*?)\s*(\**)(\w+)$/.exec(text.trim())!;
  return { type: `${type}${stars && ` ${stars}`}`, name: name! };
};

const readStub = (text: string): Stub => {
  const plain = text.replace(/\/\*.*?\*\//gs, '');
  const structs = [...plain.matchAll(/^struct (\w+) \{([^}]*)\}/gm)].map(
    ([, name, body]) =>
      [
        name!,
        body!
          .split(';')
          .map((line) => line.trim())
          .filter((line) => /^[\w ]+[ *]+\w+$/.test(line))
          .map(fieldFrom),
      ] as const,
  );
  const functions = [...plain.matchAll(/soap_call_(?:__)?ns1__(\w+)\(struct soap \*soap, ([^)]*)\)/g)].map(
    ([, name, args]) => [name!, args!.split(',').slice(2).map(fieldFrom)] as const,
  );
  return { structs: new Map(structs), functions: new Map(functions) };
};

const pointedAt = (type: string) => /^(.*?) ?\*$/.exec(type)?.[1];
/** Truth values are enums of several names. */
const truth = /^enum \w+__boolean$/;
const structName = (type: string) => /^struct (\w+)$/.exec(type)?.[1];
/** gSOAP puts an underscore behind names that C keeps for itself. */
const named = (fields: readonly Field[], name: string) =>
  fields.find((field) => field.name === name || field.name === `${name}_`)!;
const itemsIn = (fields: readonly Field[]) =>
  (['item', '__ptr'] as const).map((name) => fields.find((field) => field.name === name)).find(Boolean);
const sizeIn = (fields: readonly Field[]) => fields.find(({ name }) => name === '__sizeitem' || name === '__size');
const isList = (fields: readonly Field[]) => sizeIn(fields) !== undefined && itemsIn(fields) !== undefined;

const scalars: Record<string, (text: string) => string> = {
  'char *': (text) => text,
  int: (text) => `atoi(${text})`,
  LONG64: (text) => `strtoll(${text}, NULL, 10)`,
  double: (text) => `strtod(${text}, NULL)`,
  time_t: (text) => `time_from(soap, ${text})`,
  'struct xsd__base64Binary': (text) => `bytes_from(soap, ${text})`,
};

const scalarOf = (type: string): ((text: string) => string) | undefined =>
  truth.test(type) ? (text) => `(*${text} == 't')` : scalars[type];

/** What makes the value of one call, out of the strings of its line in their order. */
class Given {
  readonly #stub: Stub;
  #at: number;

  constructor(stub: Stub, from: number) {
    this.#stub = stub;
    this.#at = from;
  }

  #text(): string {
    return `given[${this.#at++}]`;
  }

  skip(): void {
    this.#at++;
  }

  value(type: string, [kind, content]: Told): string {
    this.skip();
    if (kind === 'any') return this.value(type, content as Told);
    if (kind === 'nil') {
      this.skip();
      return structName(type) ? '{0}' : pointedAt(type) ? 'NULL' : '0';
    }
    const scalar = scalarOf(type);
    if (scalar) return typeof content === 'string' ? scalar(this.#text()) : this.#unsaid(content);
    const target = pointedAt(type);
    if (target !== undefined)
      return `&(${target}${structName(target) ? '' : '[]'}){${this.#inner(target, [kind, content])}}`;
    return `(${type}){${this.#inner(type, [kind, content])}}`;
  }

  /** gSOAP has nothing but text for what the WSDL does not declare. */
  #unsaid(content: Told[1]): string {
    this.#at += JSON.stringify(content).match(/"(?:[^"\\]|\\.)*"/g)?.length ?? 0;
    return 'NULL';
  }

  #inner(type: string, [kind, content]: Told): string {
    const scalar = scalarOf(type);
    if (scalar) return scalar(this.#text());
    const fields = this.#stub.structs.get(structName(type)!)!;
    if (kind === 'record') {
      const members = content as readonly [string, Told][];
      return members
        .map(([name, member]) => {
          this.skip();
          const field = named(fields, name);
          return `.${field.name} = ${this.value(field.type, member)}`;
        })
        .join(', ');
    }
    const items = itemsIn(fields)!;
    const item = pointedAt(items.type)!;
    const parts =
      kind === 'list'
        ? (content as readonly Told[]).map((one) => this.value(item, one))
        : (content as readonly [string, Told][]).map(([, member]) => this.#pair(item, member));
    const array = parts.length === 0 ? 'NULL' : `(${item}[]){${parts.join(', ')}}`;
    return `.${items.name} = ${array}, .${sizeIn(fields)!.name} = ${parts.length}`;
  }

  #pair(type: string, member: Told): string {
    const key = this.#text();
    const fields = this.#stub.structs.get(structName(type)!)!;
    return `(${type}){.key = ${key}, .value = ${this.value(named(fields, 'value').type, member)}}`;
  }
}

const shows: Record<string, string> = {
  'char *': 'show_string(%)',
  int: 'show_int(%)',
  LONG64: 'show_int(%)',
  double: 'show_number(%)',
  time_t: 'show_time(%)',
  'struct xsd__base64Binary': 'show_bytes(soap, &%)',
};

const show = (type: string, value: string): string => {
  const scalar = truth.test(type) ? 'show_bool(%)' : shows[type];
  if (scalar) return `${scalar.replace('%', value)};`;
  const target = pointedAt(type);
  if (target === undefined) return `show_${structName(type)}(soap, &${value});`;
  if (structName(target) && !shows[target]) return `show_${structName(target)}(soap, ${value});`;
  return `if (${value}) ${show(target, `(*${value})`)} else NIL;`;
};

const showList = (fields: readonly Field[]): string => {
  const items = itemsIn(fields)!;
  return `printf("[\\"list\\",["); for (int at = 0; at < value->${sizeIn(fields)!.name}; at++) { if (at) putchar(','); ${show(pointedAt(items.type)!, `value->${items.name}[at]`)} } printf("]]");`;
};

const showStruct = (name: string, fields: readonly Field[]): string => {
  const parts = fields.map(({ type, name: field }, at) => {
    const label = `${at === 0 ? '' : ','}[\\"${field.replace(/_$/, '')}\\",`;
    return `printf("${label}"); ${show(type, `value->${field}`)} putchar(']');`;
  });
  const list = isList(fields) ? showList(fields) : undefined;
  // An array of SOAP is nothing but its items.
  const inner =
    list !== undefined && itemsIn(fields)!.name === '__ptr'
      ? list
      : `printf("[\\"struct\\",["); ${list ? `printf("[\\"item\\","); ${list} putchar(']');` : parts.join(' ')} printf("]]");`;
  return `static void show_${name}(struct soap *soap, const struct ${name} *value) { if (!value) { NIL; return; } ${inner} }`;
};

/** The structs that a type needs, those that others need first. */
const needed = (stub: Stub, type: string, found: Set<string>): void => {
  const target = pointedAt(type);
  if (target !== undefined) needed(stub, target, found);
  const name = structName(type);
  if (name === undefined || shows[type] || found.has(name)) return;
  for (const field of stub.structs.get(name) ?? []) needed(stub, field.type, found);
  found.add(name);
};

/** `calls.h` for calls that come in this order. */
export const gsoapCalls = (stubText: string, planned: readonly PlannedCall[]): string => {
  const stub = readStub(stubText);
  const shown = new Set<string>();
  const calls = planned.map(({ method, params }, at) => {
    const name = lowerCamel(method.name);
    const args = stub.functions.get(name)!;
    const out = pointedAt(args.at(-1)!.type)!;
    const wrapper = structName(pointedAt(args[0]!.type) ?? '');
    const literal = args.length === 2 && wrapper === `_ns1__${name}`;
    // "method", its name and "args" come first.
    const walk = new Given(stub, 3);
    const made = paramsOf(method).map(([param, shape], position) => {
      walk.skip();
      const value: Told = params[param] === undefined ? ['nil', ''] : told(shape)(params[param] as never);
      const fields = literal ? stub.structs.get(wrapper!)! : args;
      const field = literal ? named(fields, param) : args[position]!;
      const text = walk.value(field.type, value);
      return literal ? `.${field.name} = ${text}` : text;
    });
    const input = literal ? [`&(struct ${wrapper}){${made.join(', ') || '0'}}`] : made;
    const result = stub.structs.get(structName(out) ?? '')?.find((field) => field.name === 'return_');
    const isWhole = result === undefined || !/Response$/.test(out);
    const type = isWhole ? out : result.type;
    needed(stub, type, shown);
    const function_ = `soap_call_${literal ? '__' : ''}ns1__${name}`;
    return `static void call_${at}(struct soap *soap, const char *url) {
  ${out} out;
  memset(&out, 0, sizeof out);
  if (${function_}(${['soap', 'url', 'NULL', ...input, '&out'].join(', ')})) show_failure(soap);
  else { printf("{\\"result\\":"); ${show(type, isWhole ? 'out' : 'out.return_')} }
}`;
  });
  return [
    ...[...shown].map((name) => showStruct(name, stub.structs.get(name) ?? [])),
    ...calls,
    `static void (*const calls[])(struct soap *, const char *) = {${planned.map((_, at) => `call_${at}`).join(', ')}};`,
  ].join('\n');
};
