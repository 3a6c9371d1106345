/** What the WSDLs of a contract define: messages, port types and bindings by their names, and the ports that are bound to SOAP. */
import { soapVersions } from '../../message/names.ts';
import { clark, type Node, type QName } from '../schema/tree.ts';
import { type Documents, wsdlNamespace } from './documents.ts';

export const bindingNamespaces = soapVersions.map(({ binding }) => binding);
/** An element of the binding to SOAP, of either version. */
export const soapChild = (node: Node, local: string): Node | undefined =>
  node.children.find((one) => one.local === local && bindingNamespaces.includes(one.namespace));
export const soapChildren = (node: Node, local: string): Node[] =>
  node.children.filter((one) => one.local === local && bindingNamespaces.includes(one.namespace));

export const namespaceOf = (root: Node): string => root.attribute('targetNamespace') ?? '';

/** A binding to SOAP. */
interface Port {
  /** The name of its service; undefined where there is none. */
  service: string | undefined;
  port?: Node;
  binding: Node;
}

export class Definitions {
  readonly root: Node;
  readonly documents: Documents;
  /** By what and how they are called: looked through, thousands take the square of their number. */
  readonly #named = new Map<string, Node>();

  constructor(documents: Documents) {
    this.documents = documents;
    this.root = documents.definitions[0]!;
    for (const root of documents.definitions) {
      for (const one of root.children) {
        const key = `${one.local} ${clark({ namespace: namespaceOf(root), local: one.attribute('name') ?? '' })}`;
        if (one.namespace === root.namespace && !this.#named.has(key)) this.#named.set(key, one);
      }
    }
  }

  /** What is called so; `at` is where it is named. */
  find(local: string, name: QName, at: Node): Node {
    // Written by hand, a name often has no prefix. WSDL's own namespace, which it is in then, has no such names.
    const isBare = name.namespace === wsdlNamespace || name.namespace === '';
    for (const namespace of isBare ? [name.namespace, namespaceOf(at.root)] : [name.namespace]) {
      const found = this.#named.get(`${local} ${clark({ namespace, local: name.local })}`);
      if (found !== undefined) return found;
    }
    const why = this.documents.schemas.whereElse(name.namespace, 'WSDL') ?? 'which is not there';
    return at.fail(`names the ${local} ${clark(name)}, ${why}`);
  }

  /** The bindings to SOAP that are meant, each with the name of its service. */
  ports({ service, port }: { service?: string; port?: string }): Port[] {
    const services = this.documents.definitions.flatMap((root) => root.all('service'));
    const wanted = services.filter((one) => service === undefined || one.attribute('name') === service);
    if (service !== undefined && wanted.length === 0) this.root.fail(`has no service ${service}`);
    const ports = wanted
      .flatMap((one) => one.all('port'))
      .filter((one) => port === undefined || one.attribute('name') === port);
    if (port !== undefined && ports.length === 0) this.root.fail(`has no port ${port}`);
    const bound =
      services.length === 0
        ? this.documents.definitions.flatMap((root) => root.all('binding').map((binding) => ({ service, binding })))
        : ports.map((one) => ({
            service: one.parent!.attribute('name'),
            port: one,
            binding: this.find('binding', one.resolve(one.needed('binding')), one),
          }));
    const soap = bound.filter(({ binding }) => soapChild(binding, 'binding') !== undefined);
    if (soap.length > 0) return soap;
    return this.root.fail('has no binding to SOAP 1.1 or 1.2');
  }
}
