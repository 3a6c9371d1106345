/** Shapes that name a type of XML Schema themselves, in `x-xsd`: a decimal that is exact, bytes in hexadecimal, a date. */
import type { Kind, KindTable, Shape } from '../../../../plugin-protocol/shape.ts';
import { type Builtin, builtins } from './builtins.ts';

/** Kinds that are any text in memory. */
const texts: ReadonlySet<Kind> = new Set<Kind>(['string', 'enum', 'ref']);

/** Throws when there is no such type, or the values of the shape are none of it. */
const ownType = (shape: Shape): Builtin | undefined => {
  const name = shape['x-xsd'];
  if (name === undefined) return undefined;
  const kind = shape['x-kind'];
  const found = builtins.get(name);
  if (found === undefined) throw new Error(`x-xsd is ${name}, which is no simple type of XML Schema`);
  if (found.kind === kind || (found.kind === 'string' && texts.has(kind))) return found;
  throw new Error(`x-xsd is ${name}, whose values are of the kind ${found.kind} and not ${kind}`);
};

/** A table whose rows stand back where a shape names its type. */
export const withOwnTypes = <T>(table: KindTable<T>, make: (type: Builtin) => T): KindTable<T> =>
  Object.fromEntries(
    Object.entries(table).map(([kind, row]) => [
      kind,
      (shape: Shape, inner: (shape: Shape) => T): T => {
        const own = ownType(shape);
        return own === undefined ? (row as (shape: Shape, inner: (shape: Shape) => T) => T)(shape, inner) : make(own);
      },
    ]),
  ) as KindTable<T>;
