/** What machines run on and are made of: hosts, images, networks, volumes, and the connectors that bring them. */
import { optional, ref, type Typed } from '../../plugin-protocol/shape.ts';
import { exampleConnector, exampleHost, exampleImage, exampleNetwork, exampleVolume } from './examples.ts';
import { method } from './method.ts';
import { ConnectorProof, exampleProof } from './proof.ts';
import { Connector, Host, Image, Network, page, Volume } from './resources.ts';
import { pageParams, refreshParam } from './vm.ts';

/** `list` and `get` of one kind of resource that connectors report. */
const reported = <T>(noun: string, plural: string, type: Typed<T>, calls: string, example: object) => ({
  list: method(`${noun}.list`, {
    since: '0.1.0',
    doc: `List ${plural}.`,
    params: {
      connector: optional(ref('connector', `Only ${plural} of this connector.`)),
      ...pageParams,
      ...refreshParam,
    },
    result: page(`${noun.replace(/^./, (letter) => letter.toUpperCase())}Page`, type, plural),
    returns: `The ${plural}.`,
    faults: ['unavailable'],
    permission: 'read',
    calls,
    example: { params: {}, result: { items: [example], total: 1 } },
  }),
  get: method(`${noun}.get`, {
    since: '0.1.0',
    doc: `Read one ${noun}.`,
    params: { [noun]: ref(noun, `The ${noun}: its id, or its name where that is unique.`) },
    result: type,
    returns: `The ${noun}.`,
    faults: ['not-found'],
    permission: 'read',
    example: { params: { [noun]: (example as { id: string }).id }, result: example },
  }),
});

export const hostMethods = reported('host', 'hosts', Host, 'compute.hosts', exampleHost);
export const imageMethods = reported('image', 'images', Image, 'compute.images', exampleImage);
export const networkMethods = reported('network', 'networks', Network, 'network.list', exampleNetwork);
export const volumeMethods = reported('volume', 'volumes', Volume, 'storage.list', exampleVolume);

export const connectorMethods = {
  list: method('connector.list', {
    since: '0.1.0',
    doc: 'List the configured backends and how they are.',
    params: { ...pageParams },
    result: page('ConnectorPage', Connector, 'connectors'),
    returns: 'The connectors.',
    permission: 'read',
    example: { params: {}, result: { items: [exampleConnector], total: 1 } },
  }),
  get: method('connector.get', {
    since: '0.1.0',
    doc: 'Read one connector.',
    params: { connector: ref('connector', 'The connector, by its name in the configuration.') },
    result: Connector,
    returns: 'The connector.',
    faults: ['not-found'],
    permission: 'read',
    example: { params: { connector: 'kvm1' }, result: exampleConnector },
  }),
  proof: method('connector.proof', {
    since: '0.1.0',
    doc: 'Read what a connector claims and what of it has been proven: how often each call of its plugin succeeded and failed. `/docs/plugins` shows it.',
    params: { connector: ref('connector', 'The connector, by its name in the configuration.') },
    result: ConnectorProof,
    returns: 'What it claims, and what is proven.',
    faults: ['not-found'],
    permission: 'admin',
    example: { params: { connector: 'kvm1' }, result: exampleProof },
  }),
};
