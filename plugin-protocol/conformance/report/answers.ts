/** Answers, as they stand in sentences. */
import type { Message } from '../../rpc/messages.ts';
import { excerpt } from './verdict.ts';

export const errorOf = (
  answer: Message,
): { code?: unknown; message?: unknown; data?: Record<string, unknown> } | undefined =>
  (answer.error ?? undefined) as ReturnType<typeof errorOf>;

/** An error as it stands in a sentence. */
export const said = (answer: Message): string => {
  const { code, message } = errorOf(answer) ?? {};
  return `${excerpt(code)}: ${excerpt(message, 300)}`;
};
