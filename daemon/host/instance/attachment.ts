/** One instance on one process: configured, probed, and then called. */
import type { Side } from '../../../plugin-protocol/cassette/format.ts';
import type { Check } from '../../../plugin-protocol/check/compile.ts';
import { baseResults, type Configured, type Description } from '../../../plugin-protocol/contract/base.ts';
import { contract, interfaces } from '../../../plugin-protocol/contract/index.ts';
import { type PublishedInterface, termsOf } from '../../../plugin-protocol/contract/published.ts';
import { requestLine, resultLine } from '../../../plugin-protocol/rpc/messages.ts';
import type { Log } from '../../core/ports.ts';
import { createBackoff } from '../backoff.ts';
import { askBase, contextOf, type Party } from '../call/base-call.ts';
import { warnOfUnknownNames } from '../conversation/unknown-names.ts';
import type { InstanceConfig } from '../instance-config.ts';
import type { Notes } from '../keeper/notes.ts';
import { checkFor } from '../link/checks.ts';
import type { Link } from '../link/link.ts';
import { asSentence } from '../sentence.ts';
import type { Place } from './routing.ts';
import { otherVersion } from './versions.ts';

export interface Attachment extends Place {
  readonly link: Link;
  readonly config: InstanceConfig;
  readonly description: Description;
  /** The calls that can be made: those of the contract that it has, and those that it publishes. */
  readonly calls: ReadonlySet<string>;
  readonly publishes: readonly PublishedInterface[];
  /** Whether a call can be made, of a published method with what its caller relies on. */
  offers(call: string, terms?: string): boolean;
  readonly idempotency: Description['idempotency'];
  readonly isReady: boolean;
  /** Configure and probe it once; rejects with what the plugin answered. */
  bring(): Promise<void>;
  /** The same, again and again until it is ready or ended. */
  keepBringing(onReady: () => void, onTrouble: (reason: string) => void): Promise<void>;
  /** What was said with `describe` and `configure`, as lines, for one who begins to watch. */
  introduction(): [from: Side, text: string][];
  /** Ask it to finish. */
  drain(): Promise<unknown>;
  /** No further tries. */
  end(): void;
}

export interface AttachmentContext extends Party {
  link: Link;
  description: Description;
  slot: number;
  log: Log;
  notes: Notes;
}

const callsAmong = (description: Description, methods: readonly string[], publishes: readonly PublishedInterface[]) => [
  ...methods.filter((name) => contract.has(name) && otherVersion(description, name) === undefined),
  ...publishes
    .filter(({ service }) => !Object.hasOwn(interfaces, service))
    .flatMap(({ service, methods: own }) => own.map(({ name }) => `${service}.${name}`)),
];

export const createAttachment = (context: AttachmentContext): Attachment => {
  const { config, link, description, slot, limits, log, notes } = context;
  const backoff = createBackoff(limits);
  let calls: ReadonlySet<string> = new Set();
  let publishes: readonly PublishedInterface[] = [];
  let terms: ReadonlyMap<string, string> = new Map();
  let { idempotency } = description;
  let answered: Configured | undefined;
  let isConfigured = false;
  let isReady = false;
  let isOver = false;
  let problem: string | undefined;
  let retry: NodeJS.Timeout | undefined;

  /** Hand over the configuration, unless the plugin has had this very one already. */
  const hand = async (): Promise<Configured | undefined> => {
    const had = notes.configured(config.id, config.config);
    if (had !== undefined) return had.answer;
    let given: unknown;
    const check: Check = (value) => {
      given = value;
      return checkFor(baseResults.configure)(value);
    };
    const params = { config: config.config };
    const request = { method: 'configure', params, limit: 'configureTimeoutMs', check } as const;
    const answer = (await askBase(link, context, request)) as Configured | undefined;
    if (given) warnOfUnknownNames(given, 'configure', log, { connector: config.id });
    notes.configuredWith(config.id, config.config, answer);
    return answer;
  };
  const configure = async () => {
    const answer = await hand();
    answered = answer;
    publishes = answer?.publishes ?? description.publishes ?? [];
    terms = new Map(
      publishes.flatMap(({ service, methods }) =>
        methods.map((own) => [`${service}.${own.name}`, termsOf(own)] as const),
      ),
    );
    calls = new Set(callsAmong(description, answer?.methods ?? description.methods, publishes));
    idempotency = answer?.idempotency ?? description.idempotency;
    isConfigured = true;
  };

  const bring = async () => {
    if (!isConfigured) await configure();
    await askBase(link, context, { method: 'probe', params: {}, limit: 'configureTimeoutMs' });
    isReady = !isOver;
  };

  return {
    link,
    config,
    description,
    slot,
    get load() {
      return link.load;
    },
    get calls() {
      return calls;
    },
    get publishes() {
      return publishes;
    },
    offers: (call, given) => calls.has(call) && (given === undefined || terms.get(call) === given),
    get idempotency() {
      return idempotency;
    },
    get isReady() {
      return isReady && link.isOpen;
    },
    bring,
    async keepBringing(onReady, onTrouble) {
      try {
        await bring();
      } catch (error) {
        if (isOver || !link.isOpen) return;
        const reason = asSentence(error instanceof Error ? error.message : String(error));
        // Told once, not at every try.
        if (problem !== reason) log.warn({ connector: config.id, reason }, 'A connector is not ready.');
        problem = reason;
        retry = setTimeout(() => void this.keepBringing(onReady, onTrouble), backoff.next());
        onTrouble(reason);
        return;
      }
      if (isReady) onReady();
    },
    introduction() {
      const params = { config: config.config, ctx: contextOf(config, {}, limits.configureTimeoutMs, {}) };
      return [
        ['host', requestLine(1, 'describe', {})],
        ['plugin', resultLine(1, description)],
        ['host', requestLine(2, 'configure', params)],
        ['plugin', resultLine(2, answered ?? {})],
      ];
    },
    drain: () => askBase(link, context, { method: 'drain', params: {}, limit: 'drainMs' }),
    end() {
      isOver = true;
      clearTimeout(retry);
    },
  };
};
