/** In which fields two records differ. */

type Values = Readonly<Record<string, unknown>>;

/** Writes 1 for each field whose value is not the very same in both, and 0 for the others. */
export type MarkDifferences = (now: Values, before: Values, marks: Uint8Array) => void;

/**
 * Made as source: a property whose name stands in the source is found in a tenth of the time that one takes whose name
 * varies, and of ten thousand machines it is 360,000. The names are those of the catalogue.
 */
export const differencesIn = (fields: readonly string[]): MarkDifferences => {
  const statements = fields.map((field, at) => {
    const name = JSON.stringify(field);
    return `marks[${at}] = now[${name}] === before[${name}] ? 0 : 1;`;
  });
  return new Function('now', 'before', 'marks', statements.join('\n')) as MarkDifferences;
};
