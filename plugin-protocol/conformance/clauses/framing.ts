/** Section 1: lines and messages. */
import { requestLine } from '../../rpc/messages.ts';
import type { Kit } from '../bring-up/kit.ts';
import { type Conversation, defaultLineToPlugin } from '../conversation/conversation.ts';
import { tourOf } from '../evidence/tour.ts';
import { errorOf } from '../report/answers.ts';
import { excerpt, Failure } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

const text = 'Grüße, 漢字 \u{1F980} "quoted" \\ \u0000 \t\r\n';
/** They end lines of text, and no message: JSON has them as they are. */
const separators = 'a\u2028b\u2029c\u0085d';

/** Whether it has `echo`; it may answer -32601. */
const echoes = async (kit: Kit): Promise<boolean> => {
  const answer = await (await kit.shared()).ask('echo', {});
  return !errorOf(answer);
};

/** What comes back of parameters, where it has `echo`. */
const expectEcho = async (kit: Kit, params: Record<string, unknown>, what: string, advice?: string): Promise<void> => {
  const conversation = await kit.shared();
  const answer = await conversation.ask('echo', params);
  if (errorOf(answer)) {
    if (errorOf(answer)?.code === -32601) return;
    throw new Failure(`It answers echo with an error when it is sent ${what}: ${excerpt(answer.error)}`, advice);
  }
  const back = answer.result as Record<string, unknown>;
  for (const [name, value] of Object.entries(params)) {
    if (JSON.stringify(back?.[name]) === JSON.stringify(value)) continue;
    throw new Failure(
      `Of ${what} something else comes back: ${excerpt(value)} became ${excerpt(back?.[name])}`,
      advice,
    );
  }
};

/** Bytes in pieces of one; each is handed over alone. */
const trickle = async (conversation: Conversation, bytes: Buffer): Promise<void> => {
  for (const byte of bytes) {
    conversation.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** Some pipes of text: of two pieces in three the last character goes on in the next one. */
const cutCharacters = 100_000;

const lineOfLength = (id: number, bytes: number): string => {
  const empty = requestLine(id, 'echo', { text: '' });
  return requestLine(id, 'echo', { text: 'x'.repeat(bytes - Buffer.byteLength(empty) - 1) });
};

/** Lists in one another, as many as a value of any kind may have. */
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const deepest = 64;

const slowReader = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  const { concurrency = 1 } = conversation.description;
  const calls = Math.min(concurrency, 16);
  const size = 262_144;
  conversation.carrier.output.pause();
  const answers = Array.from({ length: calls }, (_, at) => {
    const { line, answer } = conversation.request('echo', { at, text: 'x'.repeat(size) });
    conversation.send(line);
    return answer;
  });
  // It has read all and the pipe from it is full; or it does not read while it writes.
  await conversation.rests();
  conversation.carrier.output.resume();
  for (const [at, answer] of (await Promise.all(answers)).entries()) {
    if (errorOf(answer)) continue;
    const back = answer.result as { at?: number; text?: string };
    if (back.at !== at || back.text?.length !== size) {
      throw new Failure(
        'An answer lost a part of itself while nobody read it.',
        'Write each line as a whole, and wait until the pipe takes it.',
      );
    }
  }
};

export const framing: readonly Clause[] = [
  {
    clause: '1.1',
    asks: 'A message is a line of JSON in UTF-8; CR LF ends one, too.',
    probes: [
      probe('takes a line that ends with CR LF', async (kit) => {
        const conversation = await kit.shared();
        const { line, answer } = conversation.request('echo', {});
        conversation.write(`${line}\r\n`);
        await answer;
      }),
      probe('takes a line that comes byte by byte', async (kit) => {
        const conversation = await kit.shared();
        const { line, answer } = conversation.request('echo', { text: 'ü' });
        await trickle(conversation, Buffer.from(`${line}\n`));
        await answer;
      }),
      probe('takes characters that are cut where a piece of the input ends', async (kit) => {
        const { limits } = (await kit.shared()).description;
        const characters = Math.min(cutCharacters, Math.floor((limits?.lineToPlugin ?? defaultLineToPlugin) / 4));
        const conversation = await kit.shared();
        const answer = await conversation.ask('echo', { text: '漢'.repeat(characters) });
        const { text: back } = (answer.result ?? {}) as { text?: unknown };
        const broken = typeof back === 'string' ? back.replaceAll('漢', '') : '';
        if (broken === '') return;
        throw new Failure(
          `In a long text of three bytes a character some come back as others: ${excerpt(broken, 20)}`,
          'Put lines together as bytes, and decode each as a whole.',
        );
      }),
      probe('takes several lines that come at once', async (kit) => {
        const conversation = await kit.shared();
        const { concurrency = 1 } = conversation.description;
        const requests = Array.from({ length: Math.min(concurrency, 3) }, () => conversation.request('echo', {}));
        const ignored = '{"jsonrpc":"2.0","method":"$/check","params":{}}';
        conversation.write(`${[ignored, ...requests.map(({ line }) => line), ignored].join('\n')}\n`);
        await Promise.all(requests.map(({ answer }) => answer));
        await kit.fence(conversation);
      }),
      probe('ends lines at LF alone', async (kit) => {
        const advice =
          'Split what comes at LF. splitlines in Python and readline in Node.js end lines at U+2028 and the like, too.';
        try {
          await expectEcho(kit, { text: separators }, 'a text with U+2028, U+2029 and U+0085 in it', advice);
        } catch (error) {
          if (!(error instanceof Failure) || error.advice === advice) throw error;
          throw new Failure(`Of a text with U+2028, U+2029 and U+0085 in it: ${error.message}`, advice);
        }
      }),
      probe('reads and writes UTF-8', (kit) =>
        expectEcho(
          kit,
          { text },
          'text of many scripts',
          'Read and write UTF-8 whatever the locale is: LANG may be missing.',
        ),
      ),
    ],
  },
  {
    clause: '1.2',
    asks: 'Each message has "jsonrpc":"2.0"; there are no batches.',
    probes: [probe('marks all that it says', async (kit) => void (await tourOf(kit)))],
  },
  {
    clause: '1.3',
    asks: 'Nothing is lost when a pipe is full for a while.',
    probes: [probe('waits for a reader that is slow', slowReader)],
  },
  {
    clause: '1.4',
    asks: 'Members come in any order; unknown ones are ignored.',
    probes: [
      probe('takes the members in another order, with unknown ones', async (kit) => {
        const conversation = await kit.shared();
        const { id, answer } = conversation.expect('echo');
        conversation.send(
          `{"trace":{"a":[1]},"params":{},"id":${id},"__proto__":{"x":1},"method":"echo","result":null,"jsonrpc":"2.0"}`,
        );
        await answer;
      }),
      probe('takes values as deep as the daemon sends them', async (kit) => {
        const conversation = await kit.shared();
        const { id, answer } = conversation.expect('echo');
        conversation.send(`{"jsonrpc":"2.0","id":${id},"method":"echo","params":{"deep":${deep(deepest - 2)}}}`);
        await answer;
      }),
    ],
  },
  {
    clause: '1.5',
    asks: 'An answer repeats the id as it came, a number.',
    probes: [
      probe('repeats the least and the greatest id, and others', async (kit) => {
        const conversation = await kit.shared();
        for (const wanted of [1, 2_147_483_647, 65_536, 16_777_217]) {
          const { id, answer } = conversation.expect('echo', { id: wanted });
          conversation.send(requestLine(id, 'echo', {}));
          await answer;
        }
      }),
    ],
  },
  {
    clause: '1.6',
    asks: 'Lines are no longer than the limits, and those that are as long are taken.',
    probes: [
      probe('takes a line that is as long as it may be', async (kit) => {
        const conversation = await kit.shared();
        const { limits } = conversation.description;
        const { id, answer } = conversation.expect('echo');
        conversation.send(lineOfLength(id, limits?.lineToPlugin ?? defaultLineToPlugin));
        await answer;
      }),
      probe('writes no line that is longer', async (kit) => void (await tourOf(kit))),
    ],
  },
  {
    clause: '1.7',
    asks: 'Numbers are whole within 2^53, or finite doubles.',
    probes: [
      probe('keeps the digits of numbers', async (kit) => {
        if (!(await echoes(kit))) return;
        const numbers = [0, -1, 2_147_483_648, 9_007_199_254_740_991, -9_007_199_254_740_991, 0.1, 1e300, 5e-324];
        await expectEcho(
          kit,
          { numbers },
          'numbers',
          'Read doubles as doubles, and whole numbers with all their digits.',
        );
      }),
      probe('sends no number beyond them', async (kit) => void (await tourOf(kit))),
    ],
  },
];
