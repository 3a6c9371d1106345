/** Documents read in a test: their text, and whatever pieces they come in. */
import type { XmlSource } from '../../daemon/wire/xml.ts';

/** The whole text; undefined when some of the bytes are none. */
export const textOf = (source: XmlSource): string | undefined => {
  let all = '';
  for (;;) {
    const { text, wrong, last } = source.next();
    if (wrong !== undefined) return undefined;
    all += text;
    if (last) return all;
  }
};
