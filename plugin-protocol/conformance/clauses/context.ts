/** Section 5: the context of a call. */
import { protocolVersion } from '../../contract/base.ts';
import { type Message, requestLine } from '../../rpc/messages.ts';
import { instanceName } from '../bring-up/bring-up.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { knownCalls } from '../evidence/claims.ts';
import { call, has, withMachine } from '../evidence/machine.ts';
import { paramsFor, takesMachine } from '../evidence/values.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

type Ask = (conversation: Conversation, method: string, params: object) => Promise<Message> | undefined;

/** Reads that need nothing, with a context of our own. */
const readWith = async (kit: Kit, ask: Ask, what: string, advice: string): Promise<void> => {
  const conversation = await kit.shared();
  const reads = knownCalls(conversation).filter((of) => !of.mutates && !takesMachine(of));
  const asked =
    reads.length === 0
      ? [{ name: 'probe', params: {} }]
      : reads.map((of) => ({ name: of.name, params: paramsFor(of) }));
  for (const { name, params } of asked) {
    const plain = await conversation.ask(name, { ...params, ctx: kit.ctx() });
    const answer = await ask(conversation, name, params);
    if (answer !== undefined && errorOf(answer) && !errorOf(plain))
      throw new Failure(`With a context that ${what}, ${name} fails with ${said(answer)}`, advice);
  }
};

const later = {
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  later: { a: [null, 1] },
};

const withLeast: Ask = (conversation, method, params) => {
  // Without accept it could not say what it needs.
  if (conversation.needed.has(method)) return undefined;
  const { id, answer } = conversation.expect(method);
  const ctx = { v: protocolVersion, instance: instanceName, logLevel: 'info' };
  conversation.send(requestLine(id, method, { ...params, ctx }));
  return answer;
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
        readWith(kit, withLeast, 'has v, instance and logLevel alone', 'The others may be missing.'),
      ),
      probe('ignores members that it does not know', (kit) =>
        readWith(
          kit,
          (conversation, method, params) => conversation.ask(method, { ...params, ctx: { ...kit.ctx(), ...later } }),
          'has members of a later version',
          'Take what you know, and leave the rest alone.',
        ),
      ),
    ],
  },
];
