/** Why a plugin that runs does not say anything: most often it has, and its language keeps it in a buffer. */
import type { Conversation } from './conversation.ts';
import { Failure } from './verdict.ts';

export const buffered = new Failure(
  'It answers describe only when its input has ended: what it writes stays in a buffer until then.',
  'Flush standard output after each line: flush=True in Python, $stdout.sync = true in Ruby, $| = 1 in Perl, fflush(stdout) in C, fflush() in awk; or put stdbuf -oL before the command. mawk reads in lines with -W interactive alone.',
);

/** How long that may take. */
const endMs = 1000;

/** Whether something comes out of a silent plugin once its input has ended. */
export const answersAtTheEnd = async (conversation: Conversation): Promise<boolean> => {
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
