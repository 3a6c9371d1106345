import { escapeAttribute } from '../../../../wire/escape.ts';
import { xmlNamespace } from '../../../../wire/xml.ts';
import { apacheNamespace, xsdNamespace, xsiNamespace } from '../../message/names.ts';
import type { QName } from '../schema/tree.ts';

/** The prefix of the encoding's namespace, which is declared where an encoded message is. */
export const encodingPrefix = 'enc';

/** Prefixes of all namespaces that messages use; they are declared on the elements that stand in Body, Header and detail. */
export class Prefixes {
  readonly #prefixes = new Map([
    [xsdNamespace, 'xsd'],
    [xsiNamespace, 'xsi'],
    [apacheNamespace, 'apache'],
    [xmlNamespace, 'xml'],
  ]);

  of(namespace: string): string {
    let prefix = this.#prefixes.get(namespace);
    if (prefix === undefined) {
      prefix = `ns${this.#prefixes.size - 3}`;
      this.#prefixes.set(namespace, prefix);
    }
    return prefix;
  }

  name({ namespace, local }: QName): string {
    return namespace === '' ? local : `${this.of(namespace)}:${local}`;
  }

  /** As attributes of an element, a space before each. `xsi` is declared around it, and `xml` is everywhere. */
  declarations(): string {
    return [...this.#prefixes]
      .filter(([, prefix]) => prefix !== 'xsi' && prefix !== 'xml')
      .map(([uri, prefix]) => ` xmlns:${prefix}="${escapeAttribute(uri)}"`)
      .join('');
  }
}
