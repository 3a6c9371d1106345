/** A plugin is brought to where calls can be made: described, configured and probed. */
import { compileCheck } from '../../check/compile.ts';
import { type Context, Description, type LogLevel, protocolVersion } from '../../contract/base.ts';
import { Fault } from '../../faults.ts';
import { type Message, requestLine } from '../../rpc/messages.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { createHost, type Host } from '../conversation/host.ts';
import { whySilent } from '../conversation/silence.ts';
import { withScratch } from '../process/workspace.ts';
import { errorOf, said } from '../report/answers.ts';
import type { Way } from '../report/obstacle.ts';
import { Failure } from '../report/verdict.ts';
import type { Launch } from './launch.ts';
import { servicesIn } from './services.ts';
import type { Setting } from './setting.ts';

export const instanceName = 'check';

export interface BringUp {
  /** Its name and version, once it has said them. */
  readonly identity: Pick<Description, 'name' | 'version'> | undefined;
  ctx(instance?: string, more?: Partial<Context>): Context;
  /** What `describe` answers. Throws when that is not usable. */
  describe(conversation: Conversation): Promise<Description>;
  /** The same; what is wrong is then the obstacle, and the rest is skipped. */
  described(conversation: Conversation): Promise<Description>;
  /** `place` names a state of the backend, where it is kept in `{scratch}`. */
  configure(
    conversation: Conversation,
    instance: string,
    config: Record<string, unknown>,
    place: string,
  ): Promise<Message>;
  /** Started, described, configured and probed; in a place of its own unless one is named. */
  ready(place?: string, logLevel?: LogLevel): Promise<Conversation>;
  /** One that several probes use: none of them ends it, or leaves it other than it was. */
  shared(): Promise<Conversation>;
}

export const createBringUp = (
  { config: configured, hostSecrets = {}, patience }: Setting,
  { launch, way }: { launch: Launch; way: Way },
): BringUp => {
  let identity: Pick<Description, 'name' | 'version'> | undefined;
  let shared: Conversation | undefined;
  let places = 0;
  const hosts = new Map<string, Host>();

  const ctx = (instance = instanceName, more: Partial<Context> = {}): Context => ({
    v: protocolVersion,
    instance,
    timeoutMs: patience.answerMs,
    logLevel: 'info',
    ...more,
  });

  const describe = async (conversation: Conversation): Promise<Description> => {
    const { id, answer } = conversation.expect('describe', { ms: patience.describeMs });
    conversation.send(requestLine(id, 'describe', {}));
    const message = await answer;
    if (errorOf(message))
      throw new Failure(
        `It answers describe with an error, ${said(message)}.`,
        'describe needs no configuration and no network.',
      );
    conversation.description = compileCheck(Description, { lenient: true })(message.result) as Description;
    identity ??= conversation.description as Description;
    return conversation.description as Description;
  };

  const configure: BringUp['configure'] = async (conversation, instance, config, place) => {
    conversation.instances.add(instance);
    const own = withScratch(config, launch.workspace.scratch(`${place}/${instance}`));
    const { logLevel } = conversation;
    const answer = await conversation.ask('configure', { config: own, ctx: ctx(instance, { logLevel }) });
    if (!answer.error && answer.result) {
      const { methods, idempotency, publishes } = answer.result as Partial<Description>;
      conversation.description = {
        ...conversation.description,
        ...(Array.isArray(methods) && { methods }),
        ...(idempotency && { idempotency }),
        ...(Array.isArray(publishes) && { publishes }),
      };
    }
    conversation.published = servicesIn(conversation.description.publishes).results;
    return answer;
  };

  const described = async (conversation: Conversation): Promise<Description> => {
    try {
      return await describe(conversation);
    } catch (error) {
      if (error instanceof Failure) {
        const { clause, failure } = (await whySilent(conversation)) ?? { clause: '4.1', failure: error };
        return way.block(clause, failure);
      }
      if (!(error instanceof Fault)) throw error;
      const clause = error.data.field?.startsWith('/publishes') ? '13.2' : '4.2';
      return way.block(clause, new Failure(`What describe answers is wrong: ${error.message}`));
    }
  };

  const bring = async (conversation: Conversation, place: string): Promise<void> => {
    await described(conversation);
    const answer = await configure(conversation, instanceName, configured, place);
    if (errorOf(answer) && errorOf(answer)?.code !== -32601) {
      way.block(
        '6.1',
        new Failure(
          `It refuses the configuration that it was given, with ${said(answer)}${await conversation.wordsBeside()}`,
          'Give one that works with --config FILE, or as check.config in manifest.json.',
        ),
      );
    }
    const { logLevel } = conversation;
    const probed = await conversation.ask('probe', { ctx: ctx(instanceName, { logLevel }) }).catch((error: unknown) => {
      if (error instanceof Failure && conversation.needed.has('probe')) way.block('6.3', error);
      throw error;
    });
    if (errorOf(probed) && errorOf(probed)?.code !== -32601) {
      way.block(
        '6.3',
        new Failure(
          `Its probe fails with ${said(probed)}${await conversation.wordsBeside()}`,
          'Give a configuration whose backend can be reached, with --config FILE or as check.config in manifest.json.',
        ),
      );
    }
  };

  const ready = async (place = `place-${++places}`, logLevel: LogLevel = 'info'): Promise<Conversation> => {
    way.needsClear();
    const conversation = await launch.start();
    conversation.logLevel = logLevel;
    const host = hosts.get(place) ?? createHost(hostSecrets);
    hosts.set(place, host);
    conversation.host = host;
    await bring(conversation, place);
    return conversation;
  };

  return {
    get identity() {
      return identity;
    },
    ctx,
    describe,
    described,
    configure,
    ready,
    async shared() {
      if (shared === undefined || shared.how !== undefined) shared = await ready('shared');
      return shared;
    },
  };
};
