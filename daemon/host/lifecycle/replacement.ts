/** A new process of a plugin, made ready before it serves anybody. It is ended when that fails. */
import { type Conversation, type ConversationContext, converse, messageOf } from '../conversation/conversation.ts';
import type { Attachment } from '../instance/attachment.ts';
import type { Instance } from '../instance/instance.ts';
import type { Configs, InstanceConfig } from '../instance-config.ts';
import { asSentence } from '../sentence.ts';
import type { Serving } from './serving.ts';

/** It runs and has said what it is. */
export type Begun = Required<Pick<Serving, 'conversation' | 'description'>>;

/** It is configured and probed. `lacking` says of instances that it could not be made ready for why not. */
export type Prepared = Required<Serving> & { lacking: Map<Instance, string> };

/** The configuration of an instance: the new one, where it has one. */
export const configIn = (configs: Configs, { config }: Instance): InstanceConfig => configs.get(config.id) ?? config;

const attempt = async <T>(conversation: Conversation, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const endedItself = !conversation.link.isOpen;
    conversation.kill();
    const { how, detail } = await conversation.ended;
    if (!endedItself) throw error;
    throw new Error(detail === undefined ? how : `${how}: ${detail}`);
  }
};

/** Start a process, and let it say what it is. Rejects with an `Error` that says why it cannot be. */
export const begin = async (
  instances: readonly Instance[],
  configs: Configs,
  context: Omit<ConversationContext, 'configOf'>,
): Promise<Begun> => {
  const config = configIn(configs, instances[0]!);
  const conversation = await converse(config, { ...context, anew: true, configOf: (id) => configs.get(id) });
  return attempt(conversation, async () => {
    const description = await conversation.described;
    if (instances.length > 1 && !description.features?.includes('instances')) {
      throw new Error('It serves one instance a process now and shares its process with others: restart the daemon.');
    }
    return { conversation, description };
  });
};

export interface PrepareOptions {
  instances: readonly Instance[];
  configs: Configs;
  slot: number;
  /** Those that are ready elsewhere: it must be ready for each of them. */
  readyBefore: ReadonlySet<Instance>;
}

/** Make it ready, without a call to it yet. Rejects with an `Error` where one of `readyBefore`, or none at all, is not. */
export const prepare = (
  { conversation, description }: Begun,
  { instances, configs, slot, readyBefore }: PrepareOptions,
): Promise<Prepared> =>
  attempt(conversation, async () => {
    const attachments = new Map<Instance, Attachment>();
    const lacking = new Map<Instance, string>();
    const failures = await Promise.all(
      instances.map(async (instance) => {
        try {
          const made = await instance.prepare(conversation, description, slot, configIn(configs, instance));
          attachments.set(instance, made);
        } catch (error) {
          lacking.set(instance, asSentence(messageOf(error)));
          return { instance, error };
        }
      }),
    );
    const failed = failures.filter((failure) => failure !== undefined);
    const decisive = failed.find(({ instance }) => readyBefore.has(instance) || attachments.size === 0);
    if (decisive !== undefined) {
      const { instance, error } = decisive;
      throw instances.length === 1 ? error : new Error(`${instance.config.id}: ${messageOf(error)}`);
    }
    return { conversation, description, attachments, lacking };
  });
