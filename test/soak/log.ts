/** A log that counts what it is told, and keeps none of it. */
import type { Log } from '../../daemon/core/ports.ts';
import { count, type Tally } from './settle.ts';

export const createSilentLog = (): { log: Log; logged: Tally } => {
  const logged: Tally = new Map();
  const at = (level: string) => () => count(logged, level);
  const log: Log = {
    ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    child: () => log,
  };
  return { log, logged };
};
