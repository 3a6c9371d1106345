/** Takes what the host knows to be secret out of what a plugin gives as the reason of a failure. */
import { createRedactor } from '../../plugin-protocol/cassette/redaction.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { Lost } from './lost.ts';

const texts = ['provider', 'hint', 'resource'] as const;

/** Anything else than such a fault is given back as it is. */
export const discreet = <E>(error: E, secrets: readonly string[]): E | Fault => {
  if (secrets.length === 0 || !(error instanceof Fault) || error instanceof Lost) return error;
  const { text } = createRedactor(secrets);
  const data = { ...error.data };
  for (const name of texts) if (data[name] !== undefined) data[name] = text(data[name]);
  return new Fault(error.kind, text(error.message), data);
};
