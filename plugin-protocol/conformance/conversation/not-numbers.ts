/** What some languages write for numbers that JSON does not have. */
import type { Message } from '../../rpc/messages.ts';

const words = /(?<=[:[,]\s*)(NaN|-?Infinity|-?inf|nan)(?=\s*[,\]}])/g;
/** Longer lines are not looked at closely. */
const longest = 65_536;

/** The first of these words, and the message that the line would be without it; undefined when it is none all the same. */
export const notNumberIn = (line: string): { word: string; message: Message } | undefined => {
  if (line.length > longest) return undefined;
  const [word] = line.match(words) ?? [];
  if (word === undefined) return undefined;
  try {
    const message: unknown = JSON.parse(line.replaceAll(words, 'null'));
    return typeof message === 'object' && message !== null ? { word, message: message as Message } : undefined;
  } catch {
    return undefined;
  }
};
