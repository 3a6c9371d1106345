/** What a run of the suites found, as the table that the documentation shows. */
import { readFile, writeFile } from 'node:fs/promises';

export interface SuiteCount {
  suite: string;
  tests: number;
  same: number;
  /** The names of the others, each with the reason. */
  argued: readonly string[];
}

const file = new URL('../../../docs/soap-suites.md', import.meta.url);
const [begin, end] = ['<!-- counted by the tests -->', '<!-- until here -->'];

const tableOf = (counts: readonly SuiteCount[]): string => {
  const rows = counts.map(({ suite, tests, same }) => `| ${suite} | ${tests} | ${same} | ${tests - same} |`);
  const reasons = counts.flatMap(({ argued }) => argued.map((line) => `- ${line}.`));
  const table = ['| suite | tests | as shown | otherwise, argued |', '| --- | --- | --- | --- |', ...rows].join('\n');
  return `${table}\n\nOtherwise than shown, and why:\n\n${reasons.join('\n')}`;
};

/** Whether the documentation says what was found. With `UPDATE_DOCS` in the environment it is made to. */
export const documented = async (counts: readonly SuiteCount[]): Promise<boolean> => {
  const text = await readFile(file, 'utf8');
  const from = text.indexOf(begin) + begin.length;
  const made = `${text.slice(0, from)}\n\n${tableOf(counts)}\n\n${text.slice(text.indexOf(end))}`;
  if (process.env.UPDATE_DOCS !== undefined) {
    await writeFile(file, made);
    return true;
  }
  return text === made;
};
