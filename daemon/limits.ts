/**
 * Every limit of the daemon: its name in the configuration (`limits.<group>.<name>`), what it is for, and its default.
 * The configuration's checks, its reference and the limits that each part gets are derived from this.
 */
import { entriesRecorded } from '../plugin-protocol/contract/accounting.ts';
import { int, optional, record, type Static } from '../plugin-protocol/shape.ts';

const MiB = 1024 * 1024;
const limit = (description: string, value: number, minimum = 1, maximum = 2 ** 31 - 1) =>
  optional(int(description, { default: value, minimum, maximum }));

const http = record('HttpLimits', 'Requests over HTTP.', {
  bodyBytes: limit('Bytes of a request body, once its content coding is removed.', 16 * MiB),
  bodiesBytes: limit(
    'Bytes of all request bodies that are being received or answered and did not come in one packet; further ones are answered `throttled`.',
    512 * MiB,
  ),
  repliesBytes: limit(
    'Bytes of all replies longer than 64 KiB that are being sent, and of all results of multicalls and batches that are being made. For further ones `throttled` is answered. Records of lists that replies have in common do not count.',
    512 * MiB,
  ),
  inflateRatio: limit('How many times longer a compressed body may become when it is longer than 1 MiB.', 200),
  headerBytes: limit('Bytes of the path and of the names and values of all headers of a request.', 32 * 1024, 1024),
  headers: limit('Headers of a request.', 200),
  headersTimeoutMs: limit('Milliseconds in which the headers of a request must arrive.', 10_000),
  bodyIdleTimeoutMs: limit('Milliseconds that a sender may pause within a body.', 10_000),
  bodyBytesPerSecond: limit(
    'Bytes of a body that a sender must send in a second, on average over `bodyIdleTimeoutMs`, as long as more of it is to come.',
    500,
  ),
  requestTimeoutMs: limit('Milliseconds in which a whole request must arrive.', 120_000),
  replyIdleTimeoutMs: limit('Milliseconds that a reader may pause within a reply.', 30_000),
  replyBytesPerSecond: limit(
    'Bytes of a reply that a reader must take in a second, on average over `replyIdleTimeoutMs`; what the system holds for it counts as taken.',
    1024,
  ),
  keepAliveMs: limit('Milliseconds that an idle connection is kept.', 30_000),
  streams: limit('Streams of events at once, those of live pages among them; further ones are answered 503.', 256),
  streamsPerAccount: limit('Such streams of one account at once; further ones are answered 429.', 64),
  drainBytes: limit(
    'Bytes that are read and thrown away after a refusal, so that the sender gets to see it.',
    128 * MiB,
  ),
  stopMs: limit('Milliseconds that requests under way have to end when the daemon stops.', 10_000),
  lastWordsMs: limit('Milliseconds that a daemon that cannot go on has to answer those who wait.', 1_000),
  connections: limit('Connections in all.', 4096),
  connectionsPerAddress: limit('Connections from one address.', 1024),
  refusedConnections: limit(
    'Connections beyond these that are told so and not closed by their peers yet; further ones are closed without a word.',
    64,
  ),
});

const xml = record('XmlLimits', 'Documents on the XML wires.', {
  depth: limit('Elements within elements.', 64),
  nodes: limit('Elements, runs of text, comments and instructions in all.', 2_000_000),
  attributes: limit('Attributes of one element.', 64),
  nameLength: limit('Characters in a name.', 1024),
  textLength: limit('Characters in one run of text or one attribute.', 16 * MiB),
  references: limit('References such as `&#228;` in all.', 1_000_000),
});

const xmlrpc = record('XmlrpcLimits', 'XML-RPC.', {
  multicall: limit('Calls within one system.multicall.', 1000),
  multicallBytes: limit('Bytes of its results; calls after that are answered `too-large`.', 64 * MiB),
  members: limit('Members of one struct, and items of one array.', 100_000),
});

const soap = record('SoapLimits', 'SOAP.', {
  parts: limit('Parts of one MTOM message.', 64),
  elements: limit('Elements of a message that has references or attachments.', 200_000),
  resolvedElements: limit(
    'Elements that references stand for, counted at each reference; and places of an array of which a part is sent.',
    100_000,
  ),
  securityWindowSeconds: limit('Seconds that the times of a WS-Security header may be away from now.', 300),
  nonces: limit('Nonces of password digests that are remembered; a digest beyond is answered `throttled`.', 100_000),
  digestTokens: limit('Tokens of one user, the latest, that a password digest can be made of.', 16),
  resolvedLength: limit('Characters of text that references stand for, counted at each reference.', 16 * MiB),
});

const jsonrpc = record('JsonrpcLimits', 'JSON-RPC.', {
  bodyBytes: limit('Bytes of a request body.', 4 * MiB),
  batchBytes: limit('Bytes of the results of a batch; later calls are answered `too-large`.', 64 * MiB),
  batch: limit('Calls within one batch.', 1000),
});

const calls = record('CallLimits', 'Calls, whatever wire they come over.', {
  inFlight: limit('Calls under way at once; further ones are answered `throttled`.', 4096),
  waiting: limit('Calls that wait for an operation or an event at once.', 1024),
  perSecond: limit('Calls of one user in one second.', 100_000),
  waitingPerAccount: limit('Calls of one account that wait at once.', 256),
  logins: limit('Passwords that are verified at once; each takes a tenth of a second of a processor.', 32),
  loginFailures: limit(
    'Wrong passwords from one address in one minute, until further ones are answered `throttled`.',
    20,
  ),
  operations: limit('Operations of one account that have not ended.', 1000),
});

const directories = record('DirectoryLimits', 'Users whom plugins are asked for (`connectors.NAME.directory`).', {
  timeoutMs: limit(
    'Milliseconds that a login waits for directories. Of several each has its part; then the next one is asked beside it.',
    10_000,
  ),
  asked: limit('Logins that wait for directories at once; further ones are answered `throttled`.', 64),
  strangers: limit(
    'Of these, logins that no directory has known since the daemon was started: made-up ones leave room for others.',
    32,
  ),
  rememberMs: limit(
    'Milliseconds that an answer is remembered, so that a tool which logs in with each call is not asked for each time.',
    60_000,
  ),
  loginFailures: limit(
    'Wrong secrets for one login in one minute, from wherever, until further ones are answered `throttled`.',
    20,
  ),
});

const accounting = record('AccountingLimits', 'What machines have used, and telling it.', {
  periodSeconds: limit(
    'Seconds of a period, counted from 1970 in UTC: at its end the time of machines that go on running is entered.',
    3600,
    1,
    86_400,
  ),
  batch: limit('Entries that an accounting plugin is told at once.', 500, 1, entriesRecorded),
  retryMaxMs: limit(
    'The longest pause until what an accounting plugin did not take is told again, in milliseconds.',
    60_000,
  ),
});

const plugins = record('PluginLimits', 'Plugin processes.', {
  lineToPlugin: limit('Bytes of one message to a plugin; its `describe` can set another.', 4 * MiB),
  lineFromPlugin: limit('Bytes of one message from a plugin; its `describe` can set another.', 16 * MiB),
  queued: limit('Calls that wait for one plugin; further ones are answered `throttled`.', 4096),
  connectTimeoutMs: limit('Milliseconds to connect to a plugin that runs already.', 5_000),
  describeTimeoutMs: limit('Milliseconds for `describe`.', 5_000),
  configureTimeoutMs: limit('Milliseconds for `configure` and `probe`.', 30_000),
  readTimeoutMs: limit('Milliseconds for a call that changes nothing.', 30_000),
  changeTimeoutMs: limit('Milliseconds for a call that changes something.', 300_000),
  idleTimeoutMs: limit(
    'Milliseconds that a call that changes something may go without progress, where the plugin reports progress.',
    120_000,
  ),
  taskTimeoutMs: limit('Milliseconds for a task that a call goes on as.', 86_400_000),
  cancelMs: limit('Milliseconds that a plugin has to answer a cancelled or overdue call, until it is stopped.', 5_000),
  drainMs: limit('Milliseconds to finish calls when the daemon stops.', 10_000),
  stopMs: limit('Milliseconds between closing a plugin, SIGTERM and SIGKILL.', 5_000),
  strangers: limit(
    'Connections of plugins that have not been admitted yet; for a further one, that is closed which has waited for the longest.',
    64,
  ),
  admitTimeoutMs: limit('Milliseconds that a plugin which connects has to say who it is.', 5_000),
  refusals: limit(
    'Connections over TLS that show the same certificate and may be refused in one minute, until further ones are closed unheard.',
    20,
  ),
  keepMs: limit('Milliseconds that a keeper holds a plugin while there is no daemon.', 60_000),
  keptBytes: limit(
    'Bytes of output that a keeper holds while there is no daemon: the plugin then waits. Of its standard error the oldest go.',
    16 * MiB,
  ),
  restartMinMs: limit('Milliseconds until a plugin that ended is started again; doubled each time.', 250),
  restartMaxMs: limit('The longest such pause, in milliseconds.', 30_000),
  restartResetMs: limit('Milliseconds that a plugin must have run for the next such pause to be the shortest.', 60_000),
  crashes: limit(
    'Crashes of one process of a plugin within `crashWindowMs` after which it is started again after `slowRestartMs`. Where each call has a process of its own, calls in a row without an answer of which operators are told.',
    5,
  ),
  crashWindowMs: limit('Milliseconds in which crashes are counted.', 180_000),
  slowRestartMs: limit('Milliseconds until a process that crashes again and again is started again.', 120_000),
  quarantineCrashes: limit('Crashes that a call is under way at, and not answered between, until it is held back.', 3),
  quarantineMs: limit('Milliseconds that such a call is held back, counted from the last crash.', 600_000),
  awayMs: limit('Milliseconds that calls wait for a plugin that has ended and is being started again.', 5_000),
  firstReadMs: limit(
    'Milliseconds that calls wait for the first reading of a connector of which nothing is known yet, counted from when it was started.',
    5_000,
  ),
  unknownAfterMs: limit(
    'Milliseconds that a connector may be away until its machines are shown as `unknown` and what it publishes is taken out.',
    5_000,
  ),
  watchedBytes: limit(
    'Bytes of lines that wait for one who watches a connector; further lines are left out and counted.',
    MiB,
  ),
  schemas: limit(
    'Schemas that what one connector publishes is made of, counted at each reference; services beyond are left out.',
    50_000,
  ),
  published: limit('Methods that one connector may publish; services that would make them more are left out.', 1000),
  blobBytes: limit(
    'Bytes of a result, or of parameters, that is too long for one message and goes in parts.',
    64 * MiB,
  ),
  needs: limit('Times that one call may be answered with what it needs.', 4),
  hostRequests: limit('Requests of one plugin process that are being answered; further ones are `throttled`.', 64),
  stateBytes: limit('Bytes of keys and values that the daemon keeps for one connector.', MiB),
  locks: limit('Locks that the plugins of one connector may hold.', 1000),
  lockLeaseMs: limit('The longest time of a lock, in milliseconds.', 3_600_000),
  eventPollMs: limit(
    'Milliseconds between two questions after events, of a plugin that has cursors and cannot report events itself.',
    2_000,
  ),
  listed: limit(
    'Machines, or what else there is, that a connector may list in all its pages; beyond, it counts as not read.',
    250_000,
  ),
  reconcileSeconds: limit('Seconds between two readings of the whole inventory of a connector.', 60, 1, 86_400),
});

const store = record('StoreLimits', 'What is kept, and how long.', {
  eventDays: limit('Days that events are kept.', 7),
  operationDays: limit('Days that ended operations are kept.', 90),
  deletedDays: limit('Days that deleted machines stay readable.', 30),
  connectorDays: limit(
    'Days that machines, cursors and values of plugins are kept of a connector that is not configured any more.',
    30,
  ),
  usageDays: limit('Days that what machines have used is kept; longer what an accounting plugin has not taken.', 400),
  storyLines: limit('Lines of a plugin and steps of its progress that are kept with one operation.', 200),
  sessions: limit('Tokens of one user; for a further one, that ends which was not used for the longest.', 1000),
  sessionSeconds: limit('Seconds that a token of `session.login` is good for, counted from its last use.', 28_800),
});

const all = { http, xml, xmlrpc, soap, jsonrpc, calls, directories, accounting, plugins, store };

export type Limits = { [G in keyof typeof all]: Required<Static<(typeof all)[G]>> };

/** The groups, for the configuration and its reference. */
export const limitGroups = all;

/** The default of every limit. */
export const defaultLimits: Limits = Object.fromEntries(
  Object.entries(all).map(([group, of]) => [
    group,
    Object.fromEntries(Object.entries(of.properties).map(([name, shape]) => [name, shape.default])),
  ]),
) as Limits;
