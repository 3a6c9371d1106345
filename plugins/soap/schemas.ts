/** Shapes of a contract as what is published of them: with names that every wire can carry, and an end. */
import { fieldsOf, type ListShape, type RecordShape, type Shape } from '../../plugin-protocol/shape.ts';
import { any } from '../../sdk/typescript/plugin/shapes.ts';

export const isLegalField = (name: string): boolean => legalField.test(name);
const legalField = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;
const depths = [24, 12, 8, 6, 4, 3, 2, 1];
/** Shapes of one service, counted wherever they are used: half of what the daemon takes from a connector. */
const mostShapes = 25_000;

class TooMany extends Error {}

/** `temperature sensor` is TemperatureSensor, as the daemon names types. */
const typeWord = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** What is deeper than `deepest`, or has a member whose name not every wire can carry, is a value of any kind. */
class Publisher {
  readonly #deepest: number;
  readonly #names = new Map<string, string>();
  #left = mostShapes;

  constructor(deepest: number) {
    this.#deepest = deepest;
  }

  of(shape: Shape, depth = 0): Shape {
    if (--this.#left < 0) throw new TooMany();
    if (shape['x-kind'] === 'list') return this.#list(shape, depth);
    return shape['x-kind'] === 'record' ? this.#record(shape, depth) : shape;
  }

  #list(shape: ListShape, depth: number): Shape {
    return { ...shape, items: this.of(shape.items, depth + 1) };
  }

  #record(shape: RecordShape, depth: number): Shape {
    const fields = fieldsOf(shape);
    if (depth > this.#deepest || !fields.every(([name]) => isLegalField(name))) return any(shape.description) as Shape;
    const properties = Object.fromEntries(fields.map(([name, of]) => [name, this.of(of, depth + 1)]));
    return { ...shape, 'x-name': this.#named(shape['x-name'], properties), properties };
  }

  /** Two namespaces may have a type of one name: the second gets a number. */
  #named(given: string, properties: object): string {
    const content = JSON.stringify(properties);
    const word = typeWord(given) || 'Type';
    for (let at = 1; ; at++) {
      const name = at === 1 ? word : `${word}${at}`;
      const known = this.#names.get(name) ?? content;
      this.#names.set(name, known);
      if (known === content) return name;
    }
  }
}

/** The same shapes, as deep as there is room for. */
export const publishable = <T extends Record<string, Shape>>(shapes: readonly T[]): T[] => {
  for (const deepest of depths) {
    const publisher = new Publisher(deepest);
    try {
      return shapes.map(
        (of) => Object.fromEntries(Object.entries(of).map(([name, shape]) => [name, publisher.of(shape)])) as T,
      );
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
    }
  }
  throw new TooMany();
};
