/** Section 17: what is too long for a line. */
import { type Clause, probe } from '../clause.ts';
import { errorOf, type Kit, nobody, said } from '../kit.ts';
import { call } from '../machine.ts';
import { blobIn } from '../parts.ts';
import { tourOf } from '../tour.ts';
import { Failure, Unclaimed } from '../verdict.ts';

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

const takesParts = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  const text = Buffer.from('{"a":1}');
  const write = (blob: string, offset: number, part: Buffer) =>
    call(kit, conversation, 'blob.write', { blob, offset, data: part.toString('base64') });
  const first = await write('check-1', 0, text.subarray(0, 3));
  if (errorOf(first)?.code === -32601) throw new Unclaimed('It takes no parameters in parts.');
  const second = await write('check-1', 3, text.subarray(3));
  if (errorOf(first) ?? errorOf(second))
    throw new Failure(`blob.write fails with ${said(errorOf(first) ? first : second)}`);
  const echoed = await conversation.ask('probe', {
    ctx: kit.ctx(undefined, { blob: { id: 'check-1', bytes: text.length } }),
  });
  if (errorOf(echoed) && errorOf(echoed)?.code !== -32601) {
    throw new Failure(`With its parameters in parts, probe fails with ${said(echoed)}`);
  }
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
