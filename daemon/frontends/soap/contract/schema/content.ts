/** What a complex type holds: elements, in groups that may be chosen, left out or repeated. */
import { xsdNamespaces } from '../../message/names.ts';
import {
  bounded,
  isForbidden,
  leastOf,
  mayBeEmpty,
  mayBeMissing,
  mayRepeat,
  mostOf,
  particlesOf,
} from './particles.ts';
import { anyType, type SchemaContext, type Schemas } from './schemas.ts';
import { type Node, type QName, sameName } from './tree.ts';
import type { Choice, ComplexType, Content, Field } from './types.ts';

/** What the groups around an element say of it. */
interface Around {
  optional: boolean;
  repeated: boolean;
  most: number;
  least: number;
  /** What they are called, when they have a name. */
  name?: string;
  choices: readonly Choice[];
}

const nothingAround: Around = { optional: false, repeated: false, most: 1, least: 1, choices: [] };

const isGroup = ({ local }: Node): boolean => ['sequence', 'all', 'choice', 'group'].includes(local);

/** Where two elements are in different branches of a choice that both are in; -1 when they are in none. */
const parting = (a: readonly Choice[], b: readonly Choice[]): number =>
  a.findIndex(({ of, branch }, at) => b[at]?.of === of && b[at].branch !== branch);

/** Whether it does not tell how many times a group came: three of them may be of one, or of two. */
const isVague = ({ repeated, least, most }: Field): boolean => repeated && (least === undefined || least !== most);

const mostTimes = ({ most, repeated }: Field): number => most ?? (repeated ? Infinity : 1);

class Reader {
  readonly #schemas: Schemas;
  readonly #content: Content;
  readonly #isRepeated: boolean;
  /** The fields of each choice that is being read. */
  readonly #choosing: Set<string>[] = [];
  /** Of each field the choices that it has been found in. */
  readonly #found = new Map<Field, (readonly Choice[])[]>();

  constructor(schemas: Schemas, content: Content, isRepeated: boolean) {
    this.#schemas = schemas;
    this.#content = content;
    this.#isRepeated = isRepeated;
  }

  particle(node: Node, context: SchemaContext, around: Around): void {
    if (node.local === 'element') this.#element(node, context, around);
    else if (node.local === 'any') this.#any(node, around);
    else this.group(node, context, around);
  }

  group(node: Node, context: SchemaContext, around: Around): void {
    if (isForbidden(node)) return;
    this.#schemas.count(node);
    const particles = particlesOf(node).filter((one) => !isForbidden(one));
    if (node.local !== 'group' && particles.length > 1 && (around.repeated || mayRepeat(node))) {
      this.#repeated(node, around.name ?? node.local, around, (inner) =>
        inner.#particles(node, particles, context, nothingAround),
      );
      return;
    }
    const within: Around = {
      ...around,
      optional: around.optional || mayBeMissing(node),
      repeated: around.repeated || mayRepeat(node),
      most: around.most * mostOf(node),
      least: around.least * leastOf(node),
    };
    if (node.local !== 'group') {
      this.#particles(node, particles, context, within);
      return;
    }
    const name = node.resolve(node.needed('ref'));
    const found = this.#schemas.declared('group', name) ?? this.#schemas.missing('group', name, node);
    this.#schemas.within(found.node, () => {
      for (const child of found.node.children.filter(isGroup)) {
        this.group(child, found.context, { ...within, name: name.local });
      }
    });
  }

  #particles(node: Node, particles: readonly Node[], context: SchemaContext, around: Around): void {
    if (node.local !== 'choice') {
      for (const child of particles) this.particle(child, context, around);
      return;
    }
    const of = {};
    const names = new Set<string>();
    this.#choosing.push(names);
    for (const [branch, child] of particles.entries()) {
      const choices = particles.length > 1 ? [...around.choices, { of, branch }] : around.choices;
      this.particle(child, context, { ...around, choices, optional: true });
    }
    this.#choosing.pop();
    if (around.optional || particles.some(mayBeEmpty) || names.size === 0) return;
    this.#content.choices ??= [];
    this.#content.choices.push([...names]);
  }

  /** A group of several elements that may come more than once: each time it is a record. */
  #repeated(node: Node, called: string, around: Around, read: (inner: Reader) => void): void {
    const group: ComplexType = { kind: 'complex', abstract: false, fields: [], attributes: [] };
    read(new Reader(this.#schemas, group, true));
    if (group.fields.length === 0 && group.wildcard === undefined) return;
    if (group.wildcard !== undefined && group.fields.some(({ name }) => name === group.wildcard!.name)) {
      node.fail(`has two things called ${group.wildcard.name}, which is not supported`);
    }
    const { least, ...most } = bounded(node, around);
    for (const field of group.fields) if (isVague(field) && field.most !== undefined) delete field.least;
    const counted = group.fields.some(isVague) || group.wildcard?.repeated ? 1 : Infinity;
    const taken = new Set(this.#content.fields.map(({ name }) => name));
    let name = called;
    for (let i = 2; taken.has(name); i++) name = `${called}${i}`;
    this.#put(node, around.choices, {
      ...{ name, element: { namespace: '', local: name }, type: group, group, nillable: false },
      ...{ optional: around.optional || mayBeMissing(node), repeated: true },
      ...most,
      ...(least !== undefined && !mayBeEmpty(node) && { least: Math.min(least, counted) }),
    });
  }

  #any(node: Node, { repeated, choices }: Around): void {
    const known = this.#content.wildcard;
    if (known !== undefined && this.#isRepeated && parting(known.choices ?? [], choices) < 0) {
      node.fail('is the second of a group that may come more than once, which is not supported');
    }
    this.#content.wildcard = {
      name: 'any',
      repeated: repeated || mayRepeat(node) || known !== undefined,
      at: known?.at ?? this.#content.fields.length,
      ...(choices.length > 0 && { choices: known?.choices ?? choices }),
    };
  }

  #element(node: Node, context: SchemaContext, around: Around): void {
    if (isForbidden(node)) return;
    const reference = node.qname('ref');
    // A schema within a message, as the data sets of .NET have it.
    if (reference !== undefined && xsdNamespaces.has(reference.namespace)) {
      this.#any(node, around);
      return;
    }
    const all = reference && this.#schemas.substitutes(reference, node);
    if (all !== undefined) {
      const substitutes = all.filter((name) => !this.#hasAnyNumberOf(name));
      if (substitutes.length > 1 && (around.repeated || mayRepeat(node))) {
        this.#repeated(node, reference!.local, around, (inner) => {
          inner.#substitutes(node, substitutes, nothingAround, { optional: true, repeated: false });
          inner.#content.choices = [inner.#content.fields.map(({ name }) => name)];
        });
        return;
      }
      const optional = around.optional || mayBeMissing(node) || all.length > 1;
      const repeated = around.repeated || mayRepeat(node);
      const times = { optional, repeated, ...bounded(node, { ...around, optional }) };
      this.#substitutes(node, substitutes, around, times);
      return;
    }
    const declared = reference === undefined ? undefined : this.#schemas.element(reference, node);
    const local = reference?.local ?? node.needed('name');
    const form = node.attribute('form');
    const qualified = form === undefined ? context.qualifiedElements : form === 'qualified';
    const fallback = node.attribute('default') ?? node.attribute('fixed') ?? declared?.fallback;
    const field: Field = {
      name: local,
      element: reference ?? { local, namespace: qualified ? context.targetNamespace : '' },
      type: anyType,
      nillable: declared?.nillable ?? node.attribute('nillable') === 'true',
      optional: around.optional || mayBeMissing(node),
      repeated: around.repeated || mayRepeat(node),
      ...bounded(node, around),
      ...(fallback !== undefined && { fallback }),
    };
    this.#schemas.later(() => {
      field.type = declared?.type ?? this.#schemas.typeOf(node, context);
    });
    this.#put(node, around.choices, field);
  }

  /**
   * Whether an element is there as often as it likes: it need not stand for the head of its group then. The transitions of Exchange are
   * three lists, and one of what they may stand for.
   */
  #hasAnyNumberOf(name: QName): boolean {
    return this.#content.fields.some(
      ({ element, repeated, most, choices }) =>
        sameName(element, name) && repeated && most === undefined && choices === undefined,
    );
  }

  /** Where the head of a substitution group stands it is a choice of all that may be there. */
  #substitutes(
    node: Node,
    names: readonly QName[],
    { choices }: Around,
    times: Pick<Field, 'optional' | 'repeated' | 'most' | 'least'>,
  ): void {
    const of = {};
    for (const [branch, element] of names.entries()) {
      this.#schemas.count(node);
      const { type, nillable, fallback } = this.#schemas.element(element, node);
      const field: Field = {
        ...{ name: element.local, element, type, nillable },
        ...times,
        ...(fallback !== undefined && { fallback }),
      };
      this.#schemas.later(() => {
        field.type = this.#schemas.element(element, node).type;
      });
      this.#put(node, names.length > 1 ? [...choices, { of, branch }] : choices, field);
    }
  }

  #put(node: Node, choices: readonly Choice[], field: Field): void {
    const { fields } = this.#content;
    for (const names of this.#choosing) names.add(field.name);
    const known = fields.find(({ name }) => name === field.name);
    if (known === undefined) {
      if (choices.length > 0) field.choices = choices;
      fields.push(field);
      this.#found.set(field, [choices]);
    } else this.#again(node, choices, field, known);
  }

  /** An element that stands in another branch of a choice as well, or in two places of a sequence. */
  #again(node: Node, choices: readonly Choice[], field: Field, known: Field): void {
    if (this.#isOnceInEither(choices, field, known)) return;
    const found = this.#found.get(known) ?? [];
    const partings = found.map((one) => parting(one, choices));
    const isAlternative = found.length > 0 && partings.every((at) => at >= 0);
    if (!isAlternative || !sameName(known.element, field.element) || field.group !== undefined) {
      node.fail('comes twice in one type, which is not supported');
    }
    const { of, branch } = choices[partings[0]!]!;
    const behind = this.#content.fields.slice(this.#content.fields.indexOf(known) + 1);
    if (this.#isRepeated && behind.some((one) => one.choices?.some((at) => at.of === of && at.branch === branch))) {
      node.fail(
        'comes in one place in one branch and in another in the next, in a group that is repeated: not supported',
      );
    }
    found.push(choices);
    // It excludes nothing that is in one of its branches.
    const shared = (known.choices ?? []).slice(0, Math.min(...partings));
    if (shared.length > 0) known.choices = shared;
    else delete known.choices;
    const most = Math.max(mostTimes(known), mostTimes(field));
    known.repeated ||= field.repeated;
    if (most > 1 && most < Infinity) known.most = most;
    else delete known.most;
  }

  /**
   * An element that need not be in one of its two places is one field, and comes where it must: a reply of PayPal's has one that
   * may be left out in the type and in the one that it extends.
   */
  #isOnceInEither(choices: readonly Choice[], field: Field, known: Field): boolean {
    const { fields, wildcard } = this.#content;
    const isPlain = !this.#isRepeated && choices.length === 0 && known.choices === undefined;
    const isFree = field.optional || (known.optional && wildcard === undefined);
    const isOnce = !field.repeated && !known.repeated && isFree;
    if (!isPlain || !isOnce || !sameName(known.element, field.element)) return false;
    if (!field.optional) {
      fields.splice(fields.indexOf(known), 1);
      fields.push(field);
      this.#found.set(field, [choices]);
    }
    return true;
  }
}

/** Reads the groups in a type, or in what extends or restricts one, into what it holds. */
export const readContent = (node: Node, context: SchemaContext, schemas: Schemas, content: Content): void => {
  const reader = new Reader(schemas, content, false);
  for (const child of node.children.filter(isGroup)) reader.group(child, context, nothingAround);
};
