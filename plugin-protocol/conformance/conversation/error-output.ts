/** What a plugin writes to its standard error. */
import type { Readable } from 'node:stream';
import { createLineReader } from '../../rpc/lines.ts';
import { excerpt, isTelling, type Ledger } from '../report/verdict.ts';

const longestLine = 8192;

export class ErrorOutput {
  #last = '';

  /** `onText` is told each line. */
  constructor(output: Readable | undefined, ledger: Ledger, onText: (text: string, where: string) => void) {
    const receive = (line: string) => {
      onText(line, 'standard error');
      if (isTelling(line)) this.#last = line;
    };
    const lines = createLineReader({
      maxBytes: () => longestLine,
      onLine: receive,
      onTooLong: (head) => {
        const message = `A line on standard error is longer than 8 KiB, and is cut: ${excerpt(head)}`;
        ledger.enter('2.5', 'warning', message);
        receive(head);
      },
    });
    output?.on('data', lines.push);
  }

  /** What its last line was, as a sentence to go behind another. */
  get lastWords(): string {
    return this.#last === '' ? '' : ` The last line on its standard error: ${excerpt(this.#last, 300)}`;
  }
}
