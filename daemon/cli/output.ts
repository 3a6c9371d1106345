/** What the command line prints, and how it ends. */
import { Fault } from '../../plugin-protocol/faults.ts';
import { visible, visibleLines } from '../../plugin-protocol/text/visible.ts';

/** Exit codes: 1 for a call that failed, 2 for a command that was not understood. */
export const exitCodes = { failed: 1, usage: 2 } as const;

export const coloured = (stream: NodeJS.WriteStream): boolean => stream.isTTY === true && !process.env.NO_COLOR;

export const red = (text: string, stream: NodeJS.WriteStream = process.stderr) =>
  coloured(stream) ? `\x1b[31m${text}\x1b[0m` : text;

/** One line that says what went wrong, and one with what to do about it when that is known. */
export const complaintOf = (error: unknown): string => {
  if (error instanceof Fault) {
    const { hint, field } = error.data;
    const about = field === undefined || error.message.startsWith(field) ? '' : ` (${field})`;
    const said = visibleLines(`${error.kind}: ${error.message}${about}`);
    return `${red(said)}\n${hint === undefined ? '' : `${visibleLines(hint)}\n`}`;
  }
  return `${red(error instanceof Error ? error.message : String(error))}\n`;
};

/** A line on the terminal that is replaced by the next; nothing where nobody watches. */
export const progressLine = () => {
  const watched = process.stderr.isTTY === true;
  let shown = false;
  return {
    watched,
    show(text: string) {
      if (!watched) return;
      process.stderr.write(`\r\x1b[K${visible(text).slice(0, (process.stderr.columns ?? 80) - 1)}`);
      shown = true;
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[K');
      shown = false;
    },
  };
};
