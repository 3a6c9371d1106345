/** A call that is answered with what it needs comes again with that, as the host makes it. */
import { type Accepted, acceptedBeside, baseResults } from '../../contract/base.ts';
import type { Given, Need } from '../../contract/host.ts';
import { contract } from '../../contract/index.ts';
import { Fault } from '../../faults.ts';
import type { Message } from '../../rpc/messages.ts';
import type { Shape } from '../../shape.ts';
import { Failure } from '../report/verdict.ts';
import type { Host } from './host.ts';

/** So often a call comes again. */
export const mostNeeds = 4;

/** Of the base calls these have no context, or hand over what others need. */
const plain: ReadonlySet<string> = new Set(['describe', 'echo', 'blob.read', 'blob.write']);

/** What the host takes in place of a result of that call. */
export const acceptedFor = (method: string, published: ReadonlyMap<string, Shape>): readonly Accepted[] => {
  const shape = contract.get(method)?.result ?? published.get(method);
  if (shape !== undefined) return acceptedBeside(shape, ['need', 'blob']);
  return Object.hasOwn(baseResults, method) && !plain.has(method) ? ['need'] : [];
};

/** What an answer says that it needs, where that is accepted. What is wrong with it is said elsewhere. */
export const needIn = ({ result }: Message, accept: readonly string[]): Need | undefined => {
  const { need } = (result ?? {}) as { need?: Need };
  return accept.includes('need') && typeof need === 'object' && need !== null ? need : undefined;
};

const advice = 'Say as check.secrets in manifest.json which secrets the check may give, by their names.';

/** What it is given the next time: what was given before, too. Throws a `Failure` when there is no such secret. */
export const givenFor = (host: Host, method: string, need: Need, before: Given | undefined): Given => {
  try {
    const now = host.give(need);
    return { secret: { ...before?.secret, ...now.secret }, state: { ...before?.state, ...now.state } };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Failure(`${method} needs what is not there: ${error.message}`, advice);
  }
};
