/** Takes secrets out of what a host and a plugin say to each other. */
import type { Message } from '../rpc/messages.ts';
import { hiding } from '../secrets/forms.ts';
import { hidden, isSecretName } from '../secrets/names.ts';

export interface Redactor {
  /** A line as it can be shown to anyone. It learns the secrets that are told, and hides them from then on. */
  line(text: string): string;
  /** Text that is no line, without the secrets that are known by now. */
  text(text: string): string;
}

/** Shorter ones are hidden where they are the whole of a value: as a part of text they are everywhere. */
const shortest = 4;

const base64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** `known` are secrets that are so by their place: what a configuration refers to. */
export const createRedactor = (known: readonly string[] = []): Redactor => {
  const secrets = new Set<string>();
  let hide = hiding(secrets);
  const add = (secret: string) => {
    if (secret === '' || secrets.has(secret)) return;
    secrets.add(secret);
    hide = hiding([...secrets].filter(({ length }) => length >= shortest));
  };
  for (const secret of known) add(secret);

  const ofText = (text: string): string => {
    if (secrets.has(text)) return hidden;
    // Bytes, as the parts of what is too long for a line are: hidden as a whole.
    if (base64.test(text)) {
      const decoded = Buffer.from(text, 'base64').toString();
      if (hide(decoded) !== decoded) return hidden;
    }
    return hide(text);
  };
  const ofValue = (value: unknown): unknown => {
    if (typeof value === 'string') return ofText(value);
    if (Array.isArray(value)) return value.map(ofValue);
    if (!isObject(value)) return secrets.has(String(value)) ? hidden : value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        ofText(name),
        isSecretName(name) && !isObject(member) ? hidden : ofValue(member),
      ]),
    );
  };
  /** Requests of the plugin for secrets whose answers have not come. */
  const asked = new Set<unknown>();
  const learnFrom = ({ id, method, params, result }: Partial<Message>): void => {
    const { config, ctx } = (params ?? {}) as { config?: unknown; ctx?: { given?: { secret?: unknown } } };
    if (method === 'configure') learn(config);
    else if (method === 'directory.authenticate') learn(params);
    else if (method === 'host.secret.get') asked.add(id);
    else if (method === undefined && asked.delete(id)) learn((result as { value?: unknown } | undefined)?.value, true);
    learn(ctx?.given?.secret, true);
  };
  const learn = (value: unknown, secret = false): void => {
    if (Array.isArray(value)) for (const item of value) learn(item, secret);
    else if (isObject(value))
      for (const [name, member] of Object.entries(value)) learn(member, secret || isSecretName(name));
    else if (secret && value !== null && value !== undefined) add(String(value));
  };

  return {
    text: ofText,
    line(text) {
      let message: unknown;
      try {
        message = JSON.parse(text);
      } catch {
        return ofText(text);
      }
      if (!isObject(message)) return ofText(text);
      learnFrom(message);
      return JSON.stringify(ofValue(message));
    },
  };
};
