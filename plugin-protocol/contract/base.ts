/**
 * What every plugin speaks beside its domain calls: the base calls of protocol v1, the context that goes with each
 * call, and the notifications. PROTOCOL.md is the prose; the shapes here are what the host checks.
 */
import { NativeVm } from '../resources.ts';
import {
  bool,
  bytes,
  int,
  list,
  map,
  number,
  oneOf,
  optional,
  record,
  type Shape,
  type Static,
  string,
  time,
} from '../shape.ts';
import { AnswerError, json } from './answer-error.ts';
import { PublishedInterface } from './published.ts';
import { interfaceVersions } from './versions.ts';

export { AnswerError };

/** The version of the protocol that this tree speaks. */
export const protocolVersion = 1;

/** The most events in one answer to `events.pull`. */
export const eventsPulled = 1000;

/** What every kit brings along. */
export const kitFeatures = ['events', 'progress', 'cancel', 'instances'] as const;
export type KitFeature = (typeof kitFeatures)[number];
/** What a plugin can be capable of beside its methods. Unknown names are ignored. */
export const features = [...kitFeatures, 'cursors'] as const;
export type Feature = (typeof features)[number];

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What may be answered in place of a result, as `{task: ...}`. */
export const accepted = ['task', 'need', 'blob'] as const;
export type Accepted = (typeof accepted)[number];

/**
 * Of these, what can be told from a result of that shape: a record that has a member of the same name, and what may have
 * any members, are results themselves.
 */
export const acceptedBeside = (shape: Shape, wanted: readonly Accepted[]): readonly Accepted[] => {
  const kind = shape['x-kind'];
  if (kind === 'any' || kind === 'map') return [];
  return kind === 'record' ? wanted.filter((name) => !Object.hasOwn(shape.properties, name)) : wanted;
};

export const BlobHandle = record('BlobHandle', 'JSON text that is too long for a line.', {
  id: string('Its name in `blob.read` or `blob.write`.', { minLength: 1, maxLength: 256 }),
  bytes: int('Its length.', { minimum: 0 }),
});
export type BlobHandle = Static<typeof BlobHandle>;

export const BlobPart = record('BlobPart', 'A part of a blob: the result of `blob.read`.', {
  data: bytes('The bytes from the offset on; as many as were asked for at most.'),
  end: optional(bool('Whether they are the last.')),
});
export type BlobPart = Static<typeof BlobPart>;

/** `params.ctx` of every call but `describe` and `echo`. */
export const Context = record('Context', 'What goes with each call.', {
  v: int('The version of the protocol.', { minimum: 1 }),
  instance: string('The configured instance that the call is for.', { minLength: 1, maxLength: 256 }),
  key: optional(string('The idempotency key of a mutation: the same at each attempt.', { maxLength: 256 })),
  attempt: optional(int('1 at the first attempt.', { minimum: 1 })),
  timeoutMs: optional(int('Milliseconds until the host gives up.', { minimum: 1 })),
  idleMs: optional(int('Milliseconds without progress until the host gives up.', { minimum: 1 })),
  accept: optional(
    list(
      oneOf(accepted, 'A kind of answer.'),
      'What may be answered in place of a result. `task` is for work that goes on, `need` for what is needed before anything is done, `blob` for what is too long for a line.',
    ),
  ),
  given: optional(
    record(
      'Given',
      'What the call was answered to need. It has `secret`, and `state` with the version of each value.',
      {
        secret: optional(map('Secrets by name.')),
        state: optional(json('Values that the daemon keeps, by key, each with its `version`.')),
      },
    ),
  ),
  blob: optional(BlobHandle),
  actor: optional(string('Who asked, for the log.', { maxLength: 256 })),
  account: optional(string('The account of who asked, in a published method.', { maxLength: 256 })),
  logLevel: oneOf(logLevels, 'Log lines below this level are not kept.'),
});
export type Context = Static<typeof Context>;

const idempotency = optional(
  oneOf(
    ['key', 'none'],
    '`key`: a mutation sent again with the same key has no second effect, and `find` knows what became of it. `none`: neither.',
  ),
);

const publishes = optional(
  list(PublishedInterface, 'Methods of its own that callers of the daemon may call.', { maxItems: 64 }),
);

export const Description = record('Description', 'What a plugin is and can do: the result of `describe`.', {
  proto: list(int('A version.'), 'The versions of the protocol that it speaks.', { maxItems: 64 }),
  name: string('Its name.', { minLength: 1, maxLength: 64 }),
  version: string('Its version.', { maxLength: 64 }),
  methods: list(string('A method.', { maxLength: 128 }), 'The domain calls that it answers.', { maxItems: 1024 }),
  concurrency: optional(int('How many calls it takes at once.', { minimum: 1, maximum: 65_536, default: 1 })),
  processes: optional(
    int('How many processes of it are to serve, unless the configuration says so; 1: never two that are configured.', {
      minimum: 1,
      maximum: 64,
    }),
  ),
  features: optional(list(string('A feature.', { maxLength: 64 }), 'Its features.', { maxItems: 64, default: [] })),
  interfaces: optional(
    record(
      'InterfaceVersions',
      'The version of each interface that it speaks; 1 when left out.',
      Object.fromEntries(
        Object.keys(interfaceVersions).map((name) => [name, optional(int(`Of ${name}.`, { minimum: 1 }))]),
      ),
    ),
  ),
  idempotency,
  publishes,
  limits: optional(
    record('LineLimits', 'The longest lines that it can read and may send, in bytes.', {
      lineToPlugin: optional(int('To the plugin.', { minimum: 1024 })),
      lineFromPlugin: optional(int('From the plugin.', { minimum: 1024 })),
    }),
  ),
});
export type Description = Static<typeof Description>;

export const Configured = record('Configured', 'The result of `configure`.', {
  methods: optional(
    list(string('A method.', { maxLength: 128 }), 'What this instance answers; as described when left out.', {
      maxItems: 1024,
    }),
  ),
  idempotency,
  publishes,
});
export type Configured = Static<typeof Configured>;

const Nothing = record('Nothing', 'Nothing to say but that it is done.', {});

export const Found = record('Found', 'What became of the mutation with the key of the context: the result of `find`.', {
  outcome: oneOf(
    ['done', 'none', 'unknown'],
    '`done`: it was carried out; `none`: never begun; `unknown`: the plugin cannot tell.',
  ),
  vm: optional(NativeVm),
});
export type Found = Static<typeof Found>;

const eventFields = {
  type: oneOf(
    ['vm.changed', 'vm.deleted', 'resync'],
    '`vm.changed` with the machine as it is now, `vm.deleted` with its id, or `resync`: read everything again.',
  ),
  vm: optional(NativeVm),
  id: optional(string('The backend id of a deleted machine.', { maxLength: 1024 })),
  cursor: optional(string('The place after it in the order of events.', { minLength: 1, maxLength: 1024 })),
  time: optional(time('When it happened in the backend; when the host hears of it, when left out.')),
};

export const TaskHandle = record('TaskHandle', 'A call that goes on after it was answered.', {
  id: string('Its name, which outlives the process.', { minLength: 1, maxLength: 1024 }),
  pollMs: optional(int('Milliseconds between two questions after it.', { minimum: 1 })),
  ttlMs: optional(int('Milliseconds for which it is remembered once it has ended.', { minimum: 1 })),
});
export type TaskHandle = Static<typeof TaskHandle>;

export const TaskState = record('TaskState', 'How a task goes: the result of `task.get`.', {
  state: oneOf(['running', 'done', 'failed', 'cancelled'], 'Whether it has ended, and how.'),
  percent: optional(number('How far it has come, from 0 to 100.', { minimum: 0, maximum: 100 })),
  message: optional(string('What is being done, or why it was cancelled.', { maxLength: 4096 })),
  result: optional(json('The result of the call, when it is done.')),
  error: optional(json('Why it failed, or what was left when it was cancelled: as `error` of an answer.')),
});
export type TaskState = Static<typeof TaskState>;

export const Pulled = record('Pulled', 'What happened after a cursor: the result of `events.pull`.', {
  events: list(record('PulledEvent', 'What happened in the backend.', eventFields), 'In their order.', {
    maxItems: eventsPulled,
  }),
  next: string('Where to go on.', { minLength: 1, maxLength: 1024 }),
  reset: optional(bool('What happened between is not known any more: everything must be read again.')),
});
export type Pulled = Static<typeof Pulled>;

/** The results of the base calls. A plugin may answer -32601 to each of them but `describe`. */
export const baseResults = {
  describe: Description,
  configure: Configured,
  probe: Nothing,
  drain: Nothing,
  echo: Nothing,
  find: Found,
  'events.pull': Pulled,
  'task.get': TaskState,
  'task.cancel': Nothing,
  'blob.read': BlobPart,
  'blob.write': Nothing,
} as const;
export type BaseCall = keyof typeof baseResults;

const blob = {
  blob: string('The id of the blob.', { maxLength: 256 }),
  offset: int('Where the part begins.', { minimum: 0 }),
};
const task = record('TaskParams', 'Parameters of `task.get` and `task.cancel`.', {
  task: string('The id of the task.', { maxLength: 1024 }),
});

/** The parameters of the base calls, beside the context. `echo` takes whatever there is. */
export const baseParams = {
  describe: Nothing,
  configure: record('ConfigureParams', 'Parameters of `configure`.', { config: json('The configuration: an object.') }),
  probe: Nothing,
  drain: Nothing,
  echo: Nothing,
  find: record('FindParams', 'Parameters of `find`.', {
    call: string('The mutation that is asked for, as `compute.create`.', { maxLength: 128 }),
    params: json('Its parameters.'),
  }),
  'events.pull': record('PullParams', 'Parameters of `events.pull`.', {
    since: optional(string('`next` of the answer before, or the cursor of an event.', { maxLength: 1024 })),
    max: int('The most events that the answer may have.', { minimum: 1, maximum: eventsPulled }),
  }),
  'task.get': task,
  'task.cancel': task,
  'blob.read': record('BlobReadParams', 'Parameters of `blob.read`.', {
    ...blob,
    length: int('The most bytes that the answer may have.', { minimum: 1 }),
  }),
  'blob.write': record('BlobWriteParams', 'Parameters of `blob.write`.', { ...blob, data: bytes('The bytes.') }),
} as const satisfies Record<BaseCall, unknown>;

export const Progress = record('Progress', 'How far a call has come: the parameters of `$/progress`.', {
  id: int('The id of the request.', { minimum: 1 }),
  percent: optional(number('From 0 to 100.', { minimum: 0, maximum: 100 })),
  message: optional(string('What is being done.', { maxLength: 4096 })),
});
export type Progress = Static<typeof Progress>;

export const LogLine = record('LogLine', 'A line for the log: the parameters of `$/log`.', {
  level: oneOf(logLevels, 'How bad it is.', { default: 'info' }),
  message: string('The line.', { maxLength: 65_536 }),
  instance: optional(string('The instance that it is about.', { maxLength: 256 })),
  id: optional(int('The id of the request that it is about.', { minimum: 1 })),
});
export type LogLine = Static<typeof LogLine>;

export const Event = record('NativeEvent', 'What happened in the backend: the parameters of `$/event`.', {
  instance: optional(string('The instance; may be left out by a process that serves one.', { maxLength: 256 })),
  ...eventFields,
});
export type Event = Static<typeof Event>;

export const Cancel = record('Cancel', 'A call is no longer wanted: the parameters of `$/cancel`.', {
  id: int('The id of the request.', { minimum: 1 }),
  reason: optional(string('Why.', { maxLength: 256 })),
});
export type Cancel = Static<typeof Cancel>;

/** Notifications by method. Each side ignores those beginning with `$/` that it does not know. */
export const notifications = {
  '$/progress': Progress,
  '$/log': LogLine,
  '$/event': Event,
  '$/cancel': Cancel,
} as const;
