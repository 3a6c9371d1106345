/** Finding secrets in text: as they are, and as what other programs put them into makes of them. */
import { hidden } from './names.ts';

/** Of a form that may stand in the middle of other text: fewer characters of base64 turn up by themselves. */
const shortestPart = 8;
/** Of a line of a secret that has several, such as a key in PEM. */
const shortestLine = 16;

/** What base64 makes of any text with the secret in it: how many bytes stand before it decides between three forms. */
const withinBase64 = (secret: string): string[] =>
  [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    // Characters that hold bits of what stands before and behind are not the same each time.
    const part = bytes.toString('base64').slice(before === 0 ? 0 : before + 1);
    const own = part.slice(0, part.length - [0, 3, 2][bytes.length % 3]!);
    return own.length < shortestPart ? [] : [own];
  });

/** What is shorter has not been cut. */
const shortestCut = 256;

/** As base64 for URLs has it. */
const forUrl = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');

const formsOf = (secret: string): string[] => {
  const coded = [Buffer.from(secret).toString('base64'), ...withinBase64(secret)];
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...coded, ...coded.map(forUrl)];
};

const certificates = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** A key is printed line by line, too; what stands around keys in PEM is no secret, and neither are certificates beside them. */
const linesOf = (secret: string): string[] =>
  secret
    .replaceAll(certificates, '')
    .split(/\r?\n/)
    .filter((line) => line.length >= shortestLine && line !== secret && !line.startsWith('-----'));

const orderedForms = (secrets: Iterable<string>): string[] => {
  const all = [...secrets];
  // The longest first: one may be a part of another.
  return [...new Set([...all.flatMap(formsOf), ...all.flatMap(linesOf)])].sort((a, b) => b.length - a.length);
};

/** The same text with each of the secrets hidden, in whatever form. */
export const hiding = (secrets: Iterable<string>): ((text: string) => string) => {
  const ordered = orderedForms(secrets);
  const shortest = ordered.at(-1)?.length ?? Number.POSITIVE_INFINITY;
  return (text) => {
    if (text.length < shortest) return text;
    let clean = text;
    for (const form of ordered) if (clean.includes(form)) clean = clean.replaceAll(form, hidden);
    return clean;
  };
};

/** Long texts have been cut, and may end amid a secret: the same text without the beginning of one at its end. */
export const hidingEnd = (secrets: Iterable<string>): ((text: string) => string) => {
  const ordered = orderedForms(secrets).filter(({ length }) => length > shortestPart);
  return (text) => {
    if (text.length < shortestCut) return text;
    const [stops] = /\.*$/.exec(text)!;
    const end = text.slice(0, text.length - stops.length);
    for (const form of ordered) {
      for (let length = form.length - 1; length >= shortestPart; length -= 1) {
        if (end.endsWith(form.slice(0, length))) return end.slice(0, -length) + hidden + stops;
      }
    }
    return text;
  };
};
