/** Patterns of XML Schema (part 2, appendix F) as those of JavaScript, which differ in their anchors and their classes. */
import type { Pattern } from '../../../../../plugin-protocol/shape.ts';
import { linearPattern } from '../../../../patterns.ts';

/** Sets that JavaScript has another idea of, as they stand in a class: `\w` is more than ASCII, `\s` is less than Unicode's. */
const sets: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: '\\p{L}\\p{M}\\p{N}\\p{S}',
  W: '\\p{P}\\p{Z}\\p{C}',
  s: ' \\t\\n\\r',
};
const outside: Readonly<Record<string, string>> = {
  '.': '[^\\n\\r]',
  '^': '\\^',
  $: '\\$',
  '\\-': '-',
  '\\S': '[^ \\t\\n\\r]',
};

const piece = /\\(?:[pP]\{[^{}]*\}|.)|./gsu;

const translated = (source: string): string | undefined => {
  let made = '';
  let inClass = false;
  let before = '';
  for (const [token] of source.matchAll(piece)) {
    const set = token.length === 2 && token.startsWith('\\') ? sets[token[1]!] : undefined;
    // Names, blocks and the difference of two classes have no counterpart.
    if (/^\\(?:[icIC]$|[pP]\{Is)/.test(token) || (inClass && token === '[' && before === '-')) return undefined;
    if (inClass) {
      if (token === '\\S') return undefined;
      // What is written as several sets begins no range.
      made += set ?? (token === '-' && /^\\[dDwWs]$/.test(before) ? '\\-' : token);
    } else made += set === undefined ? (outside[token] ?? token) : `[${set}]`;
    if (token === '[' || token === ']') inClass = token === '[';
    before = token;
  }
  return made;
};

/**
 * What one step of a restriction has of patterns, as what the whole text must match: they are alternatives. Undefined when
 * one of them cannot be said in JavaScript: a value is then not held against them.
 */
export const patternFrom = (sources: readonly string[]): Pattern | undefined => {
  const made = sources.map(translated);
  if (made.includes(undefined)) return undefined;
  try {
    return linearPattern(`^(?:${made.join('|')})$`);
  } catch {
    return undefined;
  }
};
