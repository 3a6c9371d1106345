/** What a foreign server says in its failures, fit to be told to callers. */
import type { BridgeSettings } from './settings.ts';

const longest = 2000;

/** The sentence that is told: not endless, and never with the password, which some servers repeat. */
export const told = (sentence: string, { reach: { username = '', password = '' } }: BridgeSettings): string => {
  const secrets = password === '' ? [] : [Buffer.from(`${username}:${password}`).toString('base64'), password];
  let text = sentence;
  for (const secret of secrets) text = text.replaceAll(secret, '***');
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
};
