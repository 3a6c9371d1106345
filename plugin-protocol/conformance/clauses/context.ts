/** Section 5: the context of a call. */
import { protocolVersion } from '../../contract/base.ts';
import { instanceName } from '../bring-up/bring-up.ts';
import type { Kit } from '../bring-up/kit.ts';
import { knownCalls } from '../evidence/claims.ts';
import { call, has, withMachine } from '../evidence/machine.ts';
import { paramsFor, takesMachine } from '../evidence/values.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

/** Reads that need nothing, with a context of our own. */
const readWith = async (kit: Kit, ctx: object, what: string, advice: string): Promise<void> => {
  const conversation = await kit.shared();
  const reads = knownCalls(conversation).filter((of) => !of.mutates && !takesMachine(of));
  const asked =
    reads.length === 0
      ? [{ name: 'probe', params: {} }]
      : reads.map((of) => ({ name: of.name, params: paramsFor(of) }));
  for (const { name, params } of asked) {
    const plain = await conversation.ask(name, { ...params, ctx: kit.ctx() });
    const answer = await conversation.ask(name, { ...params, ctx });
    if (errorOf(answer) && !errorOf(plain))
      throw new Failure(`With a context that ${what}, ${name} fails with ${said(answer)}`, advice);
  }
};

const keepsLevel = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready('level', 'error');
  try {
    if (has(conversation, 'compute.list')) await call(kit, conversation, 'compute.list', {});
    await withMachine(kit, conversation, 'level');
    await kit.fence(conversation);
  } finally {
    await kit.finish(conversation);
  }
};

export const context: readonly Clause[] = [
  {
    clause: '5.1',
    asks: 'ctx goes with each call; lines below its logLevel are not wanted.',
    probes: [probe('keeps to ctx.logLevel', keepsLevel)],
  },
  {
    clause: '5.2',
    asks: 'All but v, instance and logLevel may be missing; unknown members are ignored.',
    probes: [
      probe('does with the least context', (kit) =>
        readWith(
          kit,
          { v: protocolVersion, instance: instanceName, logLevel: 'info' },
          'has v, instance and logLevel alone',
          'The others may be missing.',
        ),
      ),
      probe('ignores members that it does not know', (kit) =>
        readWith(
          kit,
          {
            ...kit.ctx(),
            traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
            later: { a: [null, 1] },
          },
          'has members of a later version',
          'Take what you know, and leave the rest alone.',
        ),
      ),
    ],
  },
];
