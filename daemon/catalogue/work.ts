/** Operations and events: what is going on. */
import { bool, counter, int, list, number, oneOf, optional, record, ref, string } from '../../plugin-protocol/shape.ts';
import { exampleEvent, exampleOperation, id } from './examples.ts';
import { method } from './method.ts';
import { Event, Operation, operationStates, page } from './resources.ts';
import { exampleStory, Story } from './story.ts';

const operation = ref('operation', 'The operation.');
const ended = { ...exampleOperation, state: 'succeeded', progress: 100, finished: '2026-01-31T12:00:02.000Z' };

export const operationMethods = {
  get: method('operation.get', {
    since: '0.1.0',
    doc: 'Read one operation.',
    params: { operation },
    result: Operation,
    returns: 'The operation.',
    faults: ['not-found'],
    permission: 'read',
    example: { params: { operation: id.operation }, result: exampleOperation },
  }),
  list: method('operation.list', {
    since: '0.1.0',
    doc: 'List operations, the newest first.',
    params: {
      state: optional(oneOf(operationStates, 'Only operations in this state.')),
      resource: optional(string('Only operations on the resource with this id.', { maxLength: 256 }), {
        emptyIsUnset: true,
      }),
      method: optional(string('Only operations that this method asked for.', { maxLength: 256 }), {
        emptyIsUnset: true,
      }),
      limit: optional(int('At most so many in one page.', { minimum: 1, maximum: 1000, default: 100 })),
      after: optional(string('`next` of the page before.', { maxLength: 1024 }), { emptyIsUnset: true }),
    },
    result: page('OperationPage', Operation, 'operations'),
    returns: 'The operations.',
    permission: 'read',
    example: { params: { state: 'running' }, result: { items: [exampleOperation], total: 1 } },
  }),
  wait: method('operation.wait', {
    since: '0.1.0',
    doc: 'Wait until an operation ends. One that failed is no fault of this call: its `state` and `fault` tell.',
    params: {
      operation,
      wait: optional(number('Wait at most so many seconds.', { minimum: 0, maximum: 3600, default: 60 })),
    },
    result: Operation,
    returns: 'The operation, ended, or as it is when the time is over.',
    faults: ['not-found'],
    permission: 'read',
    example: { params: { operation: id.operation, wait: 30 }, result: ended },
  }),
  cancel: method('operation.cancel', {
    since: '0.1.0',
    doc: 'Ask an operation to stop. It ends as `cancelled`, or as something else when it was too late; what was done is not undone.',
    params: { operation },
    result: Operation,
    returns: 'The operation as it is now.',
    faults: ['not-found', 'conflict'],
    permission: 'operate',
    example: { params: { operation: id.operation }, result: exampleOperation },
  }),
  explain: method('operation.explain', {
    since: '0.1.0',
    doc: 'Tell what happened to an operation, from every side: who asked, each call to the plugin and what came of it, what it changed, and what to do next. Administrators also see keys, what the plugin logged meanwhile, and how the backend calls a failure.',
    params: { operation },
    result: Story,
    returns: 'The story of the operation, up to now when it has not ended.',
    faults: ['not-found'],
    permission: 'read',
    example: { params: { operation: id.operation }, result: { operation: ended, ...exampleStory } },
  }),
};

export const eventMethods = {
  poll: method('event.poll', {
    since: '0.1.0',
    doc: 'Read what happened after a cursor, waiting for it if need be. Events come in order and each comes once.',
    params: {
      after: optional(counter('`next` of the answer before; from now on when left out.')),
      wait: optional(
        number('Wait at most so many seconds for the first event.', { minimum: 0, maximum: 300, default: 0 }),
      ),
      limit: optional(int('At most so many events.', { minimum: 1, maximum: 10_000, default: 1000 })),
      types: optional(list(string('A type.', { maxLength: 64 }), 'Only events of these types.', { maxItems: 64 }), {
        emptyIsUnset: true,
      }),
    },
    result: record('EventPage', 'Some events.', {
      events: list(Event, 'The events, the oldest first.'),
      next: counter('Pass it as `after` to read on.'),
      reset: bool('Whether events after the cursor are not kept any more: read the lists again.'),
    }),
    returns: 'The events that the caller may see, and where to read on.',
    permission: 'read',
    example: { params: { after: '1041', wait: 30 }, result: { events: [exampleEvent], next: '1042', reset: false } },
  }),
};
