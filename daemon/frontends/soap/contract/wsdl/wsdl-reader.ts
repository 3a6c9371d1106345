/** WSDL 1.1 with bindings to SOAP 1.1 and 1.2, as the contract that it is. */
import { inOneGo, Slice, type Slices } from '../../../../../plugin-protocol/slices.ts';
import type { XmlLimits } from '../../../../wire/xml.ts';
import { defaultAction } from '../../headers/addressing.ts';
import { soapVersions } from '../../message/names.ts';
import { ContractError, clark, type Node } from '../schema/tree.ts';
import { type Contract, type ContractOperation, type Endpoint, elementsOf } from './contract.ts';
import { bindingNamespaces, Definitions, namespaceOf, soapChild, soapChildren } from './definitions.ts';
import { loadDocuments, type ReadFile, wsdlNamespace } from './documents.ts';
import { Messages } from './messages.ts';

export interface ContractOptions {
  /** How the files that it imports are read. None are when this is left out. */
  readFile?: ReadFile;
  /** The `service` meant, when there are several. */
  service?: string;
  /** The `port` meant; all that are bound to SOAP are served otherwise. */
  port?: string;
  /** Global elements that may be headers beside those which the operations declare: local names, or `{namespace}name`. */
  headers?: readonly string[];
  /** Hears of what is left out. Without it the whole contract is refused. */
  leaveOut?: (complaint: string) => void;
}

const endpointOf = (port: Node | undefined, binding: Node): Endpoint[] => {
  const address = port && soapChild(port, 'address')?.attribute('location');
  const version = soapVersions.find((one) => one.binding === soapChild(binding, 'binding')!.namespace)!;
  return address === undefined ? [] : [{ port: port!.needed('name'), address, version }];
};

/** What WSDLs say of WS-Addressing is in: its Metadata, the WSDL Binding before it, the submission of 2004. */
const addressingNamespaces = [
  'http://www.w3.org/2007/05/addressing/metadata',
  'http://www.w3.org/2006/05/addressing/wsdl',
  'http://schemas.xmlsoap.org/ws/2004/08/addressing',
];
const actionOf = (message: Node): string | undefined =>
  addressingNamespaces.map((one) => message.attribute('Action', one)).find((one) => one !== undefined);

/** Operations of one name: they are looked through for each other. */
const mostAlike = 64;

/** Whether an operation of a port type is the one of that name which is bound: by what its messages are called. */
const isBoundBy = (abstract: Node, node: Node): boolean => {
  const nameOf = (message: Node | undefined, ending: string) =>
    message && (message.attribute('name') ?? `${node.needed('name')}${ending}`);
  const output = abstract.first('output');
  const names = [
    [node.first('input'), nameOf(abstract.first('input'), output === undefined ? '' : 'Request')],
    [node.first('output'), nameOf(output, 'Response')],
  ] as const;
  return names.every(([bound, name]) => (bound?.attribute('name') ?? name) === name);
};

const docOf = (node: Node | undefined): string => node?.first('documentation')?.text.trim() ?? '';

class WsdlReader {
  readonly #definitions: Definitions;
  readonly #options: ContractOptions;
  readonly #messages: Messages;

  constructor(definitions: Definitions, options: ContractOptions) {
    this.#definitions = definitions;
    this.#options = options;
    this.#messages = new Messages(definitions.documents.schemas, (name, at) => definitions.find('message', name, at));
  }

  *read(slice: Slice): Slices<Contract> {
    const { root, documents } = this.#definitions;
    const { schemas, files } = documents;
    const ports = this.#definitions.ports(this.#options);
    const operations: ContractOperation[] = [];
    const known = new Map<string, string>();
    for (const binding of new Set(ports.map(({ binding }) => binding))) {
      for (const { key, node, operation } of yield* this.#binding(binding, slice)) {
        const other = known.get(operation.name);
        if (other === undefined) operations.push(operation);
        // The same operation, bound to the other version of SOAP.
        else if (other !== key) node.fail('is in two ports in different forms: say which port is to be served');
        known.set(operation.name, key);
      }
    }
    const headers = (this.#options.headers ?? []).map((name) => this.#messages.header(name, root));
    const types = yield* schemas.named(slice);
    yield* schemas.finish(slice);
    return {
      file: root.file,
      namespace: namespaceOf(root),
      name: ports[0]!.service ?? root.attribute('name') ?? 'Service',
      doc: docOf(root),
      operations: operations.map((operation) => this.#messages.settle(operation)),
      endpoints: ports.flatMap(({ port, binding }) => endpointOf(port, binding)),
      types,
      headers,
      files,
    };
  }

  *#binding(binding: Node, slice: Slice): Slices<{ key: string; node: Node; operation: ContractOperation }[]> {
    this.#refuseRequired(binding);
    const soap = soapChild(binding, 'binding')!;
    const transport = soap.attribute('transport');
    if (transport !== undefined && !/\/http\/?$/i.test(transport)) soap.fail(`needs the transport ${transport}`);
    const portType = this.#definitions.find('portType', binding.resolve(binding.needed('type')), binding);
    const read: { key: string; node: Node; operation: ContractOperation }[] = [];
    for (const { node, abstract, name } of this.#bound(binding, portType)) {
      if (slice.over()) yield* slice.pause();
      const operation = { name, ...this.#operation(node, abstract, portType, soap.attribute('style')) };
      const { style, request } = operation;
      const elements = elementsOf(request).map(clark);
      read.push({ key: `${style} ${request.encoded} ${elements.join(' ')}`, node, operation });
    }
    return read;
  }

  /**
   * The operations of a binding, each with that of the port type which it binds. WSDL 1.1 sections 2.4.5 and 2.5 let some
   * share a name, and tell them apart by the names of their messages; Axis 1 and ASP.NET make such of methods.
   */
  #bound(binding: Node, portType: Node): { node: Node; abstract: Node; name: string }[] {
    const byName = Map.groupBy(portType.all('operation'), (one) => one.attribute('name'));
    const taken = new Set<Node>();
    return binding.all('operation').flatMap((node) => {
      const called = node.needed('name');
      const alike = byName.get(called) ?? node.fail(`is not in the port type ${portType.needed('name')}`);
      if (alike.length > mostAlike) return node.fail(`is there more than ${mostAlike} times (overloaded)`);
      const [abstract, ...more] = alike.length === 1 ? alike : alike.filter((one) => isBoundBy(one, node));
      if (abstract === undefined || more.length > 0 || taken.has(abstract)) {
        const { leaveOut } = this.#options;
        const why = node.error('is there twice (overloaded), and no names of its messages say which one it is');
        if (leaveOut === undefined) throw why;
        leaveOut(why.message);
        return [];
      }
      taken.add(abstract);
      let number = alike.indexOf(abstract) + 1;
      while (number > 1 && byName.has(`${called}${number}`)) number += alike.length;
      return [{ node, abstract, name: number === 1 ? called : `${called}${number}` }];
    });
  }

  /** WSDL 1.1 section 2.1.3: what is required and not understood means that the rest is not understood either. */
  #refuseRequired(node: Node): void {
    for (const child of node.children) {
      const known = [wsdlNamespace, ...bindingNamespaces, ...addressingNamespaces].includes(child.namespace);
      if (!known && /^(?:true|1)$/.test(child.attribute('required', wsdlNamespace) ?? '')) {
        child.fail(`is an extension that must be understood, of ${child.namespace}, and is not`);
      }
      this.#refuseRequired(child);
    }
  }

  #operation(
    node: Node,
    abstract: Node,
    portType: Node,
    bindingStyle: string | undefined,
  ): Omit<ContractOperation, 'name'> {
    const name = node.needed('name');
    const input = abstract.first('input');
    if (input === undefined) return abstract.fail('is a notification of the service, which is not supported');
    const soap = soapChild(node, 'operation');
    const style = soap?.attribute('style') ?? bindingStyle ?? 'document';
    if (style !== 'document' && style !== 'rpc') return (soap ?? node).fail(`has the style ${style}`);
    const facts = { name, style } as const;
    const request = this.#message(node, 'input', input, facts);
    const output = abstract.first('output');
    const reply =
      output && this.#message(node, 'output', output, { ...facts, order: abstract.attribute('parameterOrder') });
    const called = (...words: string[]) => defaultAction(namespaceOf(portType.root), portType.needed('name'), ...words);
    return {
      called: name,
      doc: docOf(abstract),
      action: soap?.attribute('soapAction') ?? '',
      replyAction: (output && actionOf(output)) ?? called(output?.attribute('name') ?? `${name}Response`),
      style,
      request: request.body,
      reply: reply?.body,
      requestHeaders: request.headers,
      replyHeaders: [...(reply?.headers ?? []), ...request.headerFaults],
      faults: abstract.all('fault').flatMap((fault) => {
        const declared = this.#fault(node, fault);
        if (declared === undefined) return [];
        return { ...declared, action: actionOf(fault) ?? called(`${name}Fault`, fault.needed('name')) };
      }),
    };
  }

  #message(
    operation: Node,
    direction: 'input' | 'output',
    abstract: Node,
    { name, style, order }: { name: string; style: 'document' | 'rpc'; order?: string | undefined },
  ) {
    const own = operation.first(direction);
    // Written by hand, the binding of a reply is often forgotten: it is as that of the request then.
    const binding =
      own ?? operation.first('input') ?? operation.first('output') ?? operation.fail(`does not bind its ${direction}`);
    const attachments = binding.children.find((one) => one.namespace.endsWith('/mime/') || one.local === 'message');
    const body = soapChild(binding, 'body');
    if (body === undefined) return (attachments ?? binding).fail('has no soap:body: attachments are not supported');
    const headerNodes = own === undefined ? [] : soapChildren(own, 'header');
    const message = this.#definitions.find('message', abstract.resolve(abstract.needed('message')), abstract);
    const inHeaders = headerNodes
      .filter((one) => this.#definitions.find('message', one.resolve(one.needed('message')), one) === message)
      .map((one) => one.needed('part'));
    const all = message.all('part');
    const wanted = own && body.attribute('parts')?.split(/\s+/);
    const parts = all.filter(
      (part) => wanted?.includes(part.needed('name')) ?? !inHeaders.includes(part.needed('name')),
    );
    // One and the same message may be for a header and for the Body.
    const left = parts.length === 0 && wanted === undefined ? all : parts;
    return {
      body: this.#messages.body({ operation: name, style, reply: direction === 'output', body, parts: left, order }),
      headers: headerNodes.map((one) => this.#messages.block(one)),
      headerFaults: headerNodes
        .flatMap((one) => soapChildren(one, 'headerfault'))
        .map((one) => this.#messages.block(one)),
    };
  }

  /** Undefined for one that has nothing to say in the detail. */
  #fault(operation: Node, abstract: Node) {
    const fault = abstract.needed('name');
    const binding = operation.all('fault').find((one) => one.attribute('name') === fault);
    const soap = binding && soapChild(binding, 'fault');
    const message = this.#definitions.find('message', abstract.resolve(abstract.needed('message')), abstract);
    const block = this.#messages.fault(message, soap);
    return block && { fault, ...block };
  }
}

/**
 * Reads the contract that a WSDL is. Throws `ContractError`, which names file, line and element, for all that is wrong
 * and all that is not supported.
 */
export const readContract = (file: string, text: string, limits: XmlLimits, options: ContractOptions = {}): Contract =>
  inOneGo(readContractInSlices(file, text, limits, options));

export function* readContractInSlices(
  file: string,
  text: string,
  limits: XmlLimits,
  options: ContractOptions = {},
): Slices<Contract> {
  const slice = new Slice();
  const documents = yield* loadDocuments(file, text, options.readFile ?? (() => undefined), limits, slice);
  if (documents.definitions.length === 0) throw new ContractError(`${file}: This is a schema, and no WSDL.`);
  return yield* new WsdlReader(new Definitions(documents), options).read(slice);
}
