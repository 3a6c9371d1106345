/** A process with the instances that it serves, and how it stops serving them. */
import type { Description } from '../../../plugin-protocol/contract/base.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Attachment } from '../instance/attachment.ts';
import type { Instance } from '../instance/instance.ts';

export interface Serving {
  conversation: Conversation;
  /** What it says of itself, once it has. */
  description?: Description;
  attachments: Map<Instance, Attachment>;
}

/** Whether there must never be two of it that are configured. */
export const isAlone = (serving: Partial<Serving> | undefined): boolean => serving?.description?.processes === 1;

/**
 * No further calls; resolves when those under way have ended. One that stays with its keeper is not told that the host stops:
 * the next one will find it as it is.
 */
export const drain = async ({ conversation, attachments }: Serving, stays = false): Promise<void> => {
  const ready = [...attachments.values()].filter(({ isReady }) => isReady);
  const asked = stays ? [] : ready.map((attachment) => attachment.drain());
  const idle = conversation.link.drain();
  // Before it is ready it has no calls that anybody waits for.
  await Promise.allSettled(ready.length > 0 ? [...asked, idle] : []);
};

/** Drain it and end it with all that it started. */
export const end = async (serving: Serving): Promise<void> => {
  await Promise.race([drain(serving), serving.conversation.ended]);
  await serving.conversation.stop();
  for (const [instance, attachment] of serving.attachments) instance.forget(attachment);
};

/** End it for another one, which the calls of its instances wait for. */
export const makeRoom = async (serving: Serving): Promise<void> => {
  for (const [instance, attachment] of serving.attachments) instance.leave(attachment);
  await end(serving);
};
