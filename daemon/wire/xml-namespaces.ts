/** Namespaces in XML 1.0: which namespace each prefix stands for while a document is read. */
import { isNameStart } from './xml-characters.ts';

export const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
export const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

/** The two parts of a name; `prefix` is empty when there is no colon. */
export const splitName = (name: string): { prefix: string; local: string } => {
  const colon = name.indexOf(':');
  return colon < 0 ? { prefix: '', local: name } : { prefix: name.slice(0, colon), local: name.slice(colon + 1) };
};

// Two maps instead of one list of declarations: the cost of a name must not grow with what is declared around it.
export class XmlNamespaces {
  /** The namespace of the element entered last. */
  element = '';
  /** The attributes of that element, side by side with its names. */
  readonly locals: string[] = [];
  readonly uris: string[] = [];

  readonly #scope = new Map<string, string>([
    ['', ''],
    ['xml', xmlNamespace],
    ['xmlns', xmlnsNamespace],
  ]);
  /** What the declarations of the open elements replaced, to be put back. */
  readonly #replaced: [prefix: string, uri: string | undefined][] = [];
  /** How many replacements there were before each open element. */
  readonly #marks: number[] = [];

  resolve(prefix: string): string | undefined {
    return this.#scope.get(prefix);
  }

  /** Take in an opening tag. Returns a sentence when it breaks a rule. */
  enter(name: string, names: readonly string[], values: readonly string[], count: number): string | undefined {
    this.#marks.push(this.#replaced.length);
    for (let i = 0; i < count; i++) {
      const attribute = names[i]!;
      if (attribute !== 'xmlns' && !attribute.startsWith('xmlns:')) continue;
      const prefix = attribute.slice(6);
      const wrong = attribute === 'xmlns:' ? `The name ${attribute} has a colon astray.` : refused(prefix, values[i]!);
      if (wrong !== undefined) return wrong;
      this.#replaced.push([prefix, this.#scope.get(prefix)]);
      this.#scope.set(prefix, values[i]!);
    }
    const colon = name.indexOf(':');
    if (colon < 0) this.element = this.#scope.get('')!;
    else {
      if (!isQualified(name, colon)) return `The name ${name} has a colon astray.`;
      const uri = this.#scope.get(name.slice(0, colon));
      if (uri === undefined) return `The prefix ${name.slice(0, colon)} is not declared.`;
      if (uri === xmlnsNamespace) return 'The prefix xmlns is for declarations only.';
      this.element = uri;
    }
    return count === 0 ? undefined : this.#attributes(names, count);
  }

  /** The element entered last, of those not yet left, has ended. */
  leave(): void {
    const mark = this.#marks.pop()!;
    while (this.#replaced.length > mark) {
      const [prefix, uri] = this.#replaced.pop()!;
      if (uri === undefined) this.#scope.delete(prefix);
      else this.#scope.set(prefix, uri);
    }
  }

  #attributes(names: readonly string[], count: number): string | undefined {
    let qualified = 0;
    for (let i = 0; i < count; i++) {
      const name = names[i]!;
      const colon = name.indexOf(':');
      if (colon < 0) {
        this.locals[i] = name;
        this.uris[i] = name === 'xmlns' ? xmlnsNamespace : '';
        continue;
      }
      if (!isQualified(name, colon)) return `The name ${name} has a colon astray.`;
      const uri = this.#scope.get(name.slice(0, colon));
      if (uri === undefined) return `The prefix ${name.slice(0, colon)} is not declared.`;
      this.locals[i] = name.slice(colon + 1);
      this.uris[i] = uri;
      qualified++;
    }
    if (qualified < 2) return undefined;
    for (let i = 1; i < count; i++) {
      if (this.uris[i] === '') continue;
      for (let j = 0; j < i; j++) {
        if (this.locals[i] === this.locals[j] && this.uris[i] === this.uris[j]) {
          return `The attributes ${names[j]} and ${names[i]} have the same name in the same namespace.`;
        }
      }
    }
    return undefined;
  }
}

const isQualified = (name: string, colon: number): boolean =>
  colon > 0 && name.indexOf(':', colon + 1) < 0 && isNameStart(name.codePointAt(colon + 1) ?? Number.NaN);

/** Why a prefix cannot be declared for a namespace (section 3 of Namespaces in XML). */
const refused = (prefix: string, uri: string): string | undefined => {
  if (prefix === 'xmlns') return 'The prefix xmlns cannot be declared.';
  if (uri === xmlnsNamespace) return 'The namespace of xmlns cannot be declared.';
  if ((prefix === 'xml') !== (uri === xmlNamespace)) return 'The prefix xml and its namespace belong together.';
  if (uri === '' && prefix !== '') return `The prefix ${prefix} cannot be undeclared.`;
  return undefined;
};
