/** What operators should know of connectors that are ready all the same: it stands in their message. */
import { accounting } from '../../../plugin-protocol/contract/accounting.ts';
import { directory } from '../../../plugin-protocol/contract/directory.ts';
import type { Backends, Log } from '../ports.ts';

/** Characters; plugins word a part of it. */
const longest = 1000;

export interface RemarksContext {
  backends: Backends;
  log: Log;
  /** What connectors are configured as, as the configuration has it now. */
  directories: () => readonly { connector: string }[];
  accounting: () => readonly string[];
  /** Why something that is asked of one does not succeed at the moment. */
  troubles: () => readonly { troubleOf(connector: string): string | undefined }[];
}

export class Remarks {
  readonly #context: RemarksContext;
  /** What has been told to the log. */
  readonly #told = new Map<string, string>();

  constructor(context: RemarksContext) {
    this.#context = context;
  }

  of(connector: string): string | undefined {
    const troubles = this.#context.troubles().map((one) => one.troubleOf(connector));
    const all = [...new Set([...this.#lacks(connector), ...troubles])].filter((words) => words !== undefined);
    return all.length === 0 ? undefined : all.join(' ').slice(0, longest);
  }

  /** A connector has become ready. */
  ready(connector: string): void {
    const lacks = this.#lacks(connector).join(' ');
    if (lacks !== '' && this.#told.get(connector) !== lacks) {
      this.#context.log.warn({ connector, reason: lacks }, 'A connector is not what it is configured as.');
    }
    this.#told.set(connector, lacks);
  }

  forget(connector: string): void {
    this.#told.delete(connector);
  }

  #lacks(connector: string): string[] {
    const { backends, directories, accounting: told } = this.#context;
    const backend = backends.get(connector);
    if (backend?.state !== 'ready') return [];
    const needed = [
      ...(directories().some((one) => one.connector === connector) ? [['directory', directory.authenticate.name]] : []),
      ...(told().includes(connector) ? [['accounting', accounting.record.name]] : []),
    ];
    return needed.flatMap(([setting, call]) =>
      backend.supports(call!) ? [] : [`It is configured with ${setting}, and its plugin has no ${call}.`],
    );
  }
}
