/** Results that a plugin answers in parts (section 17), put together as the host does it. */

import { compileCheck } from '../../check/compile.ts';
import { type BlobHandle, type BlobPart, baseResults } from '../../contract/base.ts';
import { joinParts, partOf } from '../../rpc/blobs.ts';
import type { Message } from '../../rpc/messages.ts';
import type { Kit } from '../bring-up/kit.ts';
import { type Conversation, defaultLineFromPlugin } from '../conversation/conversation.ts';
import { judgeAnswer, judgeLine } from '../conversation/judge.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure } from '../report/verdict.ts';

/** So much the host takes, unless it is told otherwise. */
const mostBytes = 64 * 2 ** 20;

const checkPart = compileCheck(baseResults['blob.read'], { lenient: true });

/** The blob that an answer has in place of a result. */
export const blobIn = ({ result }: Message): BlobHandle | undefined => {
  const { blob } = (result ?? {}) as { blob?: Partial<BlobHandle> };
  const { id, bytes } = blob ?? {};
  return typeof id === 'string' && Number.isSafeInteger(bytes) && bytes! > 0 ? (blob as BlobHandle) : undefined;
};

/** The answer with the result that was read in parts. Throws a `Failure` when it cannot be, which is then told of 17.1 too. */
export const readInParts = async (
  kit: Kit,
  conversation: Conversation,
  method: string,
  answer: Message,
  handle: BlobHandle,
  instance?: string,
): Promise<Message> => {
  const { bytes } = handle;
  const wrong = (why: string, advice?: string): Failure => {
    const failure = new Failure(`The blob of ${method} ${why}.`, advice);
    kit.ledger.enter('17.1', 'failure', failure.message, advice);
    return failure;
  };
  if (bytes > mostBytes) throw wrong(`has ${bytes} bytes, and the host takes 64 MiB`, 'Answer in pages.');
  const { lineFromPlugin = defaultLineFromPlugin } = conversation.description.limits ?? {};
  const joined = await joinParts(handle, {
    // Two at least: what comes in one shows nothing of where the next begins.
    most: () => Math.min(partOf(lineFromPlugin), Math.ceil(bytes / 2)),
    async read(params) {
      const read = await conversation.ask('blob.read', { ...params, ctx: kit.ctx(instance) });
      if (errorOf(read)) throw wrong(`is not there: blob.read fails with ${said(read).replace(/\.$/, '')}`);
      return checkPart(read.result) as BlobPart;
    },
    wrong: (offset, end) =>
      wrong(
        `has ${bytes} bytes as it says, and ${end ? 'ends' : 'goes on'} at ${offset}`,
        'bytes is the length of the result as JSON text in UTF-8, and end comes with the last of them.',
      ),
  });
  const text = joined.toString();
  let result: unknown;
  try {
    result = JSON.parse(text);
  } catch {
    throw wrong('is no JSON text', 'A blob is the result as it would stand in the answer.');
  }
  judgeLine(kit.ledger, text);
  const whole = { ...answer, result };
  judgeAnswer(kit.ledger, { method, percent: 0, accept: [] }, whole, conversation);
  return whole;
};
