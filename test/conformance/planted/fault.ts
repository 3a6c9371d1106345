/** A mistake that an author could make, planted into the plugin of `cloud.ts`. */
import type { Asked, Json, Plugin } from './cloud.ts';

export interface Fault {
  /** The clause that it breaks. */
  clause: string;
  /** What the check says of it. */
  says: RegExp;
  /** It is a warning, which fails where the check is strict. */
  isWarning?: boolean;
  /** It shows in something that does not come, which is then not waited for so long. */
  isSilence?: boolean;
  plant(plugin: Plugin): void;
}

type Call = (asked: Asked) => unknown;

/** Another call in place of one, which it may make. */
export const replace = (plugin: Plugin, method: string, make: (before: Call) => Call): void => {
  const before = plugin.calls.get(method) ?? (() => ({}));
  plugin.calls.set(method, make(before));
};

/** The result of a call, changed. */
export const alter = (plugin: Plugin, method: string, change: (result: Json, asked: Asked) => unknown): void =>
  replace(plugin, method, (before) => (asked) => {
    const result = before(asked);
    const changed = (of: unknown) => change({ ...(of as Json) }, asked);
    return result instanceof Promise ? result.then(changed) : changed(result);
  });

/** All that it writes, changed. */
export const rewrite = (plugin: Plugin, change: (text: string) => string): void => {
  const write = plugin.write.bind(plugin);
  plugin.write = (text) => write(change(text));
};

/** Its errors, changed. */
export const spoilErrors = (plugin: Plugin, change: (error: Json) => unknown): void => {
  const answer = plugin.answer.bind(plugin);
  plugin.answer = (id, body) => answer(id, body.error ? { error: change(body.error as Json) } : body);
};
