/** What a connector claims, and what of it has been proven by calls that were really made. */
import { faults } from '../../plugin-protocol/faults.ts';
import {
  bool,
  counter,
  list,
  number,
  oneOf,
  optional,
  record,
  ref,
  type Static,
  string,
  time,
} from '../../plugin-protocol/shape.ts';

const faultKinds = Object.keys(faults) as (keyof typeof faults)[];
const name = (description: string) => string(description, { maxLength: 256 });

export const ProvenCall = record('ProvenCall', 'A call of a plugin: what is claimed of it, and what is proven.', {
  call: name('The call, such as `compute.start`, or a method that the plugin publishes.'),
  claimed: bool('Whether the plugin says at the moment that it has it.'),
  succeeded: counter('How often it succeeded.'),
  failed: counter('How often it failed.'),
  last: optional(time('When it was last answered; left out when it never was.')),
  medianMs: optional(number('The median of how many milliseconds the latest took that succeeded.', { minimum: 0 })),
});
export type ProvenCall = Static<typeof ProvenCall>;

const ConnectorFailure = record('ConnectorFailure', 'A failure of a connector.', {
  time: time('When.'),
  call: name('The call that failed.'),
  kind: oneOf(faultKinds, 'The kind of fault.'),
  message: string('What the plugin said.', { maxLength: 4096 }),
});
export type ConnectorFailure = Static<typeof ConnectorFailure>;

export const ConnectorProof = record('Proof', 'What a connector claims, and what of it is proven.', {
  connector: ref('connector', 'The connector.'),
  since: time('Since when has been counted.'),
  features: list(name('A feature.'), 'The features of the plugin protocol that the plugin has.'),
  services: list(name('A service.'), 'The services that it publishes.'),
  calls: list(ProvenCall, 'All calls that it claims, and all that were made.'),
  failures: list(
    ConnectorFailure,
    'The latest failures, the last one first; not those that are an answer, such as `not-found`.',
  ),
});
export type ConnectorProof = Static<typeof ConnectorProof>;

export const exampleProof: ConnectorProof = {
  connector: 'kvm1',
  since: '2026-01-31T12:00:00.000Z',
  features: ['events', 'instances'],
  services: [],
  calls: [
    {
      call: 'compute.start',
      claimed: true,
      succeeded: '12',
      failed: '1',
      last: '2026-01-31T12:00:00.000Z',
      medianMs: 41.5,
    },
    { call: 'compute.pause', claimed: true, succeeded: '0', failed: '0' },
  ],
  failures: [
    {
      time: '2026-01-31T12:00:00.000Z',
      call: 'compute.start',
      kind: 'unavailable',
      message: 'The hypervisor is not running.',
    },
  ],
};
