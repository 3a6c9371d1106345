/** The samples of PROTOCOL.md. */
import { readFileSync } from 'node:fs';

export const protocolText = readFileSync(new URL('../../plugin-protocol/PROTOCOL.md', import.meta.url), 'utf8');

/** The fenced blocks that are marked with a language, in order. */
export const samplesIn = (language: string): string[] =>
  [...protocolText.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, body]) => body!);
