/**
 * The methods that can be called: those of the catalogue, and those that plugins publish at the moment. A service comes
 * when its connector is ready and stays while that is away for a moment, so that clients which know it get `unavailable`
 * and not a method that never was; it goes when the connector is lost.
 */
import { type ContractCall, interfaces } from '../../../plugin-protocol/contract/index.ts';
import { type PublishedInterface, termsOf } from '../../../plugin-protocol/contract/published.ts';
import type { SchemaRoom } from '../../../plugin-protocol/json-schema/read.ts';
import { nouns } from '../../catalogue/index.ts';
import type { Method } from '../../catalogue/method.ts';
import { PublishError, type PublishedService, serviceFrom } from '../../catalogue/published.ts';
import { namedRecords } from '../../catalogue/records.ts';
import type { Limits } from '../../limits.ts';
import { linearPattern } from '../../patterns.ts';
import type { Call } from '../call.ts';
import { unavailable } from '../discretion.ts';
import type { Journal } from '../journal.ts';
import { newId } from '../new-id.ts';
import type { Backend, Backends, Change, Log } from '../ports.ts';
import type { KeepsByConnector } from './leftovers.ts';

const reserved: ReadonlySet<string> = new Set([...Object.keys(nouns), ...Object.keys(interfaces)]);

/** What a connector publishes, as it is kept: whose it is, such as `meter 1.2`, and what that is. */
interface Kept {
  by: string;
  publishes: readonly PublishedInterface[];
}

/** What is there of a connector, and what has been made of each service. */
interface Present extends Kept {
  made: readonly (readonly [name: string, made: PublishedService | PublishError])[];
}

interface Target {
  connector: string;
  call: ContractCall;
  terms: string;
}

const prefix = 'published:';

export interface PublishedContext {
  catalogue: ReadonlyMap<string, Method>;
  backends: Backends;
  journal: Journal;
  log: Log;
  limits: Limits['plugins'];
  /** What the store has beside its records. */
  meta: ReadonlyMap<string, string>;
}

export class Published implements KeepsByConnector {
  readonly #catalogue: ReadonlyMap<string, Method>;
  readonly #backends: Backends;
  readonly #journal: Journal;
  readonly #log: Log;
  readonly #limits: Limits['plugins'];
  /** As in the store: of each connector what it has published at last. */
  readonly #kept = new Map<string, string>();
  readonly #present = new Map<string, Present>();
  /** Those that are being started, and for so long that they would have been lost. */
  readonly #late = new Set<string>();
  readonly #targets = new WeakMap<Method, Target>();
  /** What cannot be offered, and why, with the connector whose it is. */
  #refused: ReadonlyMap<string, string> = new Map();
  /** By name; another map whenever something has changed. */
  methods: ReadonlyMap<string, Method>;
  /** By name; another map whenever something has changed. */
  services: ReadonlyMap<string, PublishedService> = new Map();

  constructor({ catalogue, backends, journal, log, limits, meta }: PublishedContext) {
    this.#catalogue = catalogue;
    this.#backends = backends;
    this.#journal = journal;
    this.#log = log;
    this.#limits = limits;
    this.methods = catalogue;
    for (const [key, text] of meta) if (key.startsWith(prefix)) this.#kept.set(key.slice(prefix.length), text);
    // Until a connector says otherwise, it publishes what it did before the daemon was started again.
    for (const { id } of backends.list()) {
      const text = this.#kept.get(id);
      if (text !== undefined) this.#take(id, JSON.parse(text) as Kept);
    }
    if (this.#present.size > 0) this.#arrange();
  }

  /** A connector is ready. */
  seen(backend: Backend): void {
    this.#late.delete(backend.id);
    const known = this.#present.get(backend.id);
    const { publishes } = backend;
    if (known?.publishes === publishes) return;
    if (known === undefined && publishes.length === 0) {
      // It was lost with what it published, and has come back without.
      this.#keep(backend.id, undefined);
      return;
    }
    const { plugin, version } = backend.status();
    const kept = { by: version === undefined ? plugin : `${plugin} ${version}`, publishes };
    const text = JSON.stringify(kept);
    const isSame = known !== undefined && text === JSON.stringify({ by: known.by, publishes: known.publishes });
    if (isSame) known.publishes = publishes;
    else {
      this.#take(backend.id, kept);
      this.#arrange();
    }
    this.#keep(backend.id, publishes.length === 0 ? undefined : text);
  }

  #take(connector: string, { by, publishes }: Kept): void {
    const { published, schemas } = this.#limits;
    const room: SchemaRoom = { left: schemas, most: `limits.plugins.schemas, ${schemas},`, pattern: linearPattern };
    let count = 0;
    const made = publishes.map((described) => {
      const { service, methods } = described;
      count += methods.length;
      const over = new PublishError(
        `its methods are over limits.plugins.published, ${published} methods of one connector`,
      );
      return [service, count > published ? over : this.#make(described, connector, by, room)] as const;
    });
    this.#present.set(connector, { by, publishes, made });
  }

  #keep(connector: string, text: string | undefined): void {
    if (this.#kept.get(connector) === text) return;
    const key = `${prefix}${connector}`;
    if (text === undefined) this.#kept.delete(connector);
    else this.#kept.set(connector, text);
    const change = text === undefined ? ({ drop: 'meta', key } as const) : ({ put: 'meta', key, value: text } as const);
    // Whoever minds that the store cannot be written is told by the journal.
    this.#journal.write([change]).catch(() => {});
  }

  connectors(): Iterable<string> {
    return this.#kept.keys();
  }

  forget(connector: string): readonly Change[] {
    return this.#kept.delete(connector) ? [{ drop: 'meta', key: `${prefix}${connector}` }] : [];
  }

  /** What a connector publishes, or has published before it could be asked. */
  of(connector: string): readonly PublishedInterface[] {
    return this.#present.get(connector)?.publishes ?? [];
  }

  /** What of a connector's services cannot be offered; undefined when all can. */
  troubleOf(connector: string): string | undefined {
    const lines = [...this.#refused].flatMap(([line, whose]) => (whose === connector ? [line] : []));
    const more = lines.length - 1;
    return more > 0 ? `${lines[0]} So it is with ${more} more, which the log names.` : lines[0];
  }

  /** A connector will not be there for long. While it is started it may well publish what it did. */
  lost(connector: string): void {
    if (this.#backends.get(connector)?.state === 'starting') this.#late.add(connector);
    else this.#drop(connector);
  }

  /** It could not be started, or has ended. */
  failing(connector: string): void {
    if (this.#late.delete(connector)) this.#drop(connector);
  }

  #drop(connector: string): void {
    if (this.#present.delete(connector)) this.#arrange();
  }

  /** In the order of the configuration: where two publish the same name, the first has it. */
  #arrange(): void {
    const services = new Map<string, PublishedService>();
    const refused = new Map<string, string>();
    const refuse = (connector: string, service: string, why: string): void => {
      const line = `${connector} publishes the service ${service}, which cannot be offered: ${why}.`;
      refused.set(line, connector);
      if (!this.#refused.has(line)) this.#log.warn({ connector, service }, line);
    };
    for (const backend of this.#backends.list()) {
      for (const [name, made] of this.#present.get(backend.id)?.made ?? []) {
        const other = services.get(name)?.connector;
        if (reserved.has(name)) refuse(backend.id, name, 'its name is taken by the catalogue or the protocol');
        else if (other !== undefined) refuse(backend.id, name, `${other} publishes it already`);
        else {
          const trouble = made instanceof PublishError ? made.message : this.#troubleWith(made, services);
          if (trouble !== undefined) refuse(backend.id, name, trouble);
          else services.set(name, made as PublishedService);
        }
      }
    }
    this.#tell(services);
    this.#refused = refused;
    this.services = services;
    const all = [...services.values()].flatMap(({ methods }) => [...methods.values()]);
    this.methods = new Map([...this.#catalogue, ...all.map((method) => [method.name, method] as const)]);
  }

  #tell(services: ReadonlyMap<string, PublishedService>): void {
    for (const { name, connector } of services.values()) {
      if (this.services.get(name)?.connector !== connector) {
        this.#log.info({ service: name, connector }, 'A service is published.');
      }
    }
    for (const { name, connector } of this.services.values()) {
      if (!services.has(name)) this.#log.info({ service: name, connector }, 'A service is published no more.');
    }
  }

  /** Types are named once for all services, as OpenRPC has them. */
  #troubleWith(made: PublishedService, services: ReadonlyMap<string, PublishedService>): string | undefined {
    const others = [...services.values()].flatMap(({ methods }) => [...methods.values()]);
    try {
      namedRecords([...this.#catalogue.values(), ...others, ...made.methods.values()]);
      return undefined;
    } catch (error) {
      return `it cannot be described: ${(error as Error).message.replace(/\.$/, '')}`;
    }
  }

  #make(
    described: PublishedInterface,
    connector: string,
    by: string,
    room: SchemaRoom,
  ): PublishedService | PublishError {
    let made: PublishedService;
    try {
      made = serviceFrom(described, connector, by, room);
    } catch (error) {
      if (error instanceof PublishError) return error;
      throw error;
    }
    for (const each of described.methods) {
      const { name, changes = true } = each;
      const method = made.methods.get(name)!;
      const { doc, params, result } = method;
      const call: ContractCall = { name: method.name, doc, params, result, mutates: changes, repeatable: false };
      this.#targets.set(method, { connector, call, terms: termsOf(each) });
    }
    return made;
  }

  /** Make a call of a method that is no method of the catalogue. */
  async call({ method, params, principal, request }: Call): Promise<unknown> {
    const { connector, call, terms } = this.#targets.get(method)!;
    const backend = this.#backends.get(connector);
    // It was there when the call came.
    if (backend === undefined) throw unavailable(`The connector ${connector} is not configured any more.`);
    return backend.call(call, params, {
      terms,
      ...(call.mutates ? { key: newId() } : {}),
      ...(principal === undefined ? {} : { actor: principal.user, account: principal.account }),
      // What may have been changed is waited for, whoever still wants to know.
      ...(call.mutates || request.signal === undefined ? {} : { signal: request.signal }),
    });
  }
}
