/** The samples of PROTOCOL.md. */
import { readFileSync } from 'node:fs';
import { type Cassette, readCassette } from '../../plugin-protocol/cassette/format.ts';

export const protocolText = readFileSync(new URL('../../plugin-protocol/PROTOCOL.md', import.meta.url), 'utf8');

/** The fenced blocks that are marked with a language, in order. */
export const samplesIn = (language: string): string[] =>
  [...protocolText.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, body]) => body!);

/** The conversation that the blocks with a fence are together, read as the cassettes that they are. */
export const conversationIn = (fence: string): Cassette =>
  readCassette(samplesIn(fence).join(''), `PROTOCOL.md, ${fence}`);
