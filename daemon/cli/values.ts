/** From words on the command line to the values of the catalogue. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { compileCheck } from '../../plugin-protocol/check/compile.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { fieldsOf, fold, type Shape } from '../../plugin-protocol/shape.ts';
import { isObject } from '../config/settle.ts';

type FromText = (text: string) => unknown;

const wrong = (message: string): never => {
  throw new InvalidArgumentError(message);
};

const asNumber: FromText = (text) => (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text);

const asBool: FromText = (text) => (text === 'true' ? true : text === 'false' ? false : text);

const asIs: FromText = (text) => text;

/** `key=value`; the value may hold further equals signs. */
export const memberFromText = (text: string): [name: string, value: string] => {
  const at = text.indexOf('=');
  return at > 0 ? [text.slice(0, at), text.slice(at + 1)] : wrong(`Write it as NAME=VALUE, not "${text}".`);
};

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return wrong(`This is no JSON: ${text}`);
  }
};

/** What is no JSON is text: `--value web1` and `--value 3` mean what they seem to. */
const jsonOrText: FromText = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const fromText = fold<FromText>({
  bool: () => asBool,
  int: () => asNumber,
  number: () => asNumber,
  counter: () => asIs,
  string: () => asIs,
  enum: () => asIs,
  time: () => asIs,
  ref: () => asIs,
  bytes: () => (text) => (text.startsWith('@') ? readFileSync(text.slice(1)).toString('base64') : text),
  list: () => asJson,
  map: () => asJson,
  any: () => jsonOrText,
  record: (of, inner) => {
    const fields = new Map(fieldsOf(of).map(([name, shape]) => [name, inner(shape)]));
    return (text) => {
      if (text.trimStart().startsWith('{')) return asJson(text);
      const pairs = text.split(',').map(memberFromText);
      return Object.fromEntries(pairs.map(([name, value]) => [name, (fields.get(name) ?? asIs)(value)]));
    };
  },
});

const checked = (shape: Shape, value: unknown, text: string): unknown => {
  try {
    return compileCheck(shape)(value);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const inside = error.data.field ? `${error.data.field.slice(1).replaceAll('/', '.')} ` : 'It ';
    return wrong(`${inside}${error.message.slice((error.data.field || 'The value').length + 1)} Found "${text}".`);
  }
};

/** Reads one value: `annelid vm create web1 --vcpus 2`. Throws commander's own error, which names the option. */
export const valueReader = (shape: Shape): ((text: string) => unknown) => {
  const read = fromText(shape);
  return (text) => checked(shape, read(text), text);
};

/** Reads a value that can be given several times, adding to what was given before. */
export const repeatedReader = (shape: Shape): ((text: string, before: unknown) => unknown) => {
  if (shape['x-kind'] === 'map') {
    return (text, before) => {
      const [name, value] = memberFromText(text);
      return Object.fromEntries([...(isObject(before) ? Object.entries(before) : []), [name, value]]);
    };
  }
  if (shape['x-kind'] !== 'list') return valueReader(shape);
  const read = valueReader(shape.items);
  return (text, before) => [...(Array.isArray(before) ? before : []), read(text)];
};
