/** Why a plugin that runs does not answer: most often it has, and what it wrote is in a buffer, or is no line. */
import { Failure } from '../report/verdict.ts';
import type { Conversation } from './conversation.ts';

const buffered = new Failure(
  'It answers describe only when its input has ended: what it writes stays in a buffer until then.',
  'Flush standard output after each line: flush=True in Python, $stdout.sync = true in Ruby, $| = 1 in Perl, fflush(stdout) in C, fflush() in awk; or put stdbuf -oL before the command. mawk reads in lines with -W interactive alone. One that is to read all of its input first says oneShot in manifest.json (3.15).',
);

const withHeaders = new Failure(
  'It writes Content-Length before a message, and no line break behind it.',
  'A message is one line, without any header: JSON without line breaks, ended by LF.',
);

const overSeveralLines = new Failure(
  'It writes a message over several lines, and so none.',
  'A message is one line: write JSON without indentation.',
);

const unended = new Failure(
  'It writes a message and no line break behind it, and so none.',
  'End each message with a line break, and flush standard output after it.',
);

const isMessage = (text: string): boolean => {
  try {
    return JSON.parse(text)?.jsonrpc === '2.0';
  } catch {
    return false;
  }
};

/** How long something may take to come once the input has ended. */
const endMs = 1000;

/** Whether something comes out of a silent plugin once its input has ended. */
const answersAtTheEnd = async (conversation: Conversation): Promise<boolean> => {
  if (conversation.how !== undefined) return false;
  // It is late in any case, and would be found to be no answer to anything.
  conversation.deaf = true;
  const { output } = conversation.carrier;
  const said = new Promise<boolean>((resolve) => {
    output.once('data', (chunk: Buffer) => resolve(chunk.includes('"jsonrpc"')));
    output.once('end', () => resolve(false));
  });
  conversation.input.end();
  return (await conversation.clock.within(endMs, said)) === true;
};

/** Undefined when nothing shows why. */
export const whySilent = async (
  conversation: Conversation,
): Promise<{ clause: string; failure: Failure } | undefined> => {
  const { beginning } = conversation;
  const clause = '1.1';
  if (/^Content-Length:/im.test(beginning)) return { clause, failure: withHeaders };
  if (isMessage(beginning) && !beginning.endsWith('\n')) return { clause, failure: unended };
  if (isMessage(beginning) && beginning.trim().includes('\n')) return { clause, failure: overSeveralLines };
  return (await answersAtTheEnd(conversation)) ? { clause: '4.1', failure: buffered } : undefined;
};
