/** Section 17: what is too long for a line. */
import type { Context } from '../../contract/base.ts';
import type { Given } from '../../contract/host.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { acceptedFor, givenFor, mostNeeds, needIn } from '../conversation/needs.ts';
import { knownCalls } from '../evidence/claims.ts';
import { call } from '../evidence/machine.ts';
import { blobIn } from '../evidence/parts.ts';
import { tourOf } from '../evidence/tour.ts';
import { nobody, paramsFor, takesMachine } from '../evidence/values.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

/** What is answered so is put together, and looked at, wherever it comes. */
const answersParts = async (kit: Kit): Promise<void> => {
  const { conversation } = await tourOf(kit);
  if (conversation.said.some((message) => blobIn(message) !== undefined)) return;
  throw new Unclaimed(
    'No result of the check is longer than a line.',
    'What it does with one that is shows where the backend of the check has one, such as a long console.',
  );
};

const readsUnknown = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  const answer = await call(kit, conversation, 'blob.read', { blob: nobody, offset: 0, length: 1 });
  const error = errorOf(answer);
  if (error?.code === -32601) throw new Unclaimed('It answers nothing in parts.');
  if (error === undefined) {
    throw new Failure('blob.read of a blob that it never answered has a result.', 'Answer 404.');
  }
};

const writeInParts = async (kit: Kit, conversation: Conversation, blob: string, text: Buffer): Promise<void> => {
  const middle = text.length >> 1;
  for (const [offset, part] of [
    [0, text.subarray(0, middle)],
    [middle, text.subarray(middle)],
  ] as const) {
    const written = await call(kit, conversation, 'blob.write', { blob, offset, data: part.toString('base64') });
    if (errorOf(written)?.code === -32601 && offset === 0) throw new Unclaimed('It takes no parameters in parts.');
    if (errorOf(written)) throw new Failure(`blob.write fails with ${said(written)}`);
  }
};

/** The answer to a call whose parameters were written in two parts, each time that it needs something. */
const askInParts = async (kit: Kit, conversation: Conversation, blob: string, method: string, params: object) => {
  const text = Buffer.from(JSON.stringify(params));
  const accept = acceptedFor(method, conversation.published);
  let given: Given | undefined;
  for (let time = 0; ; time++) {
    const id = `${blob}-${time}`;
    await writeInParts(kit, conversation, id, text);
    const ctx = kit.ctx(undefined, {
      blob: { id, bytes: text.length },
      ...(given && { given: given as NonNullable<Context['given']> }),
    });
    const answer = await conversation.ask(method, { ctx }).catch((error: Error) => {
      throw new Failure(`With its parameters in parts, ${method} is not answered. ${error.message}`);
    });
    const need = time < mostNeeds ? needIn(answer, accept) : undefined;
    if (need === undefined) return answer;
    given = givenFor(conversation.host, method, need, given);
  }
};

const takesParts = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  const probed = await askInParts(kit, conversation, 'check-1', 'probe', { a: 1 });
  if (errorOf(probed) && errorOf(probed)?.code !== -32601)
    throw new Failure(`With its parameters in parts, probe fails with ${said(probed)}`);
  // Of a machine that is not there it says so, if it has got its id.
  const read = knownCalls(conversation).find((of) => !of.mutates && takesMachine(of));
  if (read === undefined) return;
  const params = paramsFor(read);
  const whole = await conversation.ask(read.name, { ...params, ctx: kit.ctx() });
  const answer = await askInParts(kit, conversation, 'check-2', read.name, params);
  if (errorOf(answer)?.code === errorOf(whole)?.code) return;
  const how = (of: typeof answer) => (errorOf(of) ? said(of) : 'a result');
  throw new Failure(
    `With its parameters in parts, ${read.name} is answered with ${how(answer)}, and otherwise with ${how(whole)}`,
    'The parts, in the order of their offsets, are the JSON text of the parameters.',
  );
};

export const blobs: readonly Clause[] = [
  {
    clause: '17.1',
    asks: 'A result that is too long is answered as a blob, where ctx.accept has it.',
    probes: [probe('answers in parts what is whole when it is put together', answersParts)],
  },
  {
    clause: '17.2',
    asks: 'blob.read answers a part of a blob; one that is not known is an error.',
    probes: [probe('says which blobs it does not know', readsUnknown)],
  },
  {
    clause: '17.3',
    asks: 'blob.write takes parameters in parts, in order.',
    probes: [probe('takes parameters in parts', takesParts)],
  },
];
