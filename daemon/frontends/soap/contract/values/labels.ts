/**
 * Labels: where a value does not tell what type it is of and the contract leaves it open, an object says so in `$type`.
 *
 * `{"$type": "Circle", "radius": 2}` is a record of a type of the contract, `{"$type": "float", "value": 411}` a single
 * value of a type of XML Schema, and `{"$type": "Map", "entries": [{"key": 5, "value": "five"}]}` a map whose keys are
 * not all text.
 */
import { typeLabelName } from '../../../../../plugin-protocol/any.ts';
import { clark } from '../schema/tree.ts';
import type { XsdType } from '../schema/types.ts';

/** The types of a contract, by what values call them. */
export class TypeNames {
  readonly #byLabel = new Map<string, XsdType>();
  readonly #byName = new Map<string, XsdType>();
  readonly #labels = new Map<XsdType, string>();

  constructor(types: readonly XsdType[]) {
    const locals = new Map<string, number>();
    for (const { name } of types) locals.set(name!.local, (locals.get(name!.local) ?? 0) + 1);
    for (const type of types) {
      const { local } = type.name!;
      // Two of one name need their namespaces to be told apart.
      const label = locals.get(local) === 1 ? local : clark(type.name!);
      this.#labels.set(type, label);
      this.#byLabel.set(label, type);
      this.#byName.set(clark(type.name!), type);
    }
  }

  named(name: string): XsdType | undefined {
    return this.#byName.get(name);
  }

  labelled(label: string): XsdType | undefined {
    return this.#byLabel.get(label) ?? this.#byName.get(label);
  }

  labelOf(type: XsdType): string | undefined {
    return this.#labels.get(type);
  }
}

/** The label that an object has; undefined without one. */
export const labelOf = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, typeLabelName)) return undefined;
  const label = (value as Record<string, unknown>)[typeLabelName];
  return typeof label === 'string' ? label : undefined;
};

export const labelled = (label: string, value: object): object => ({ [typeLabelName]: label, ...value });
