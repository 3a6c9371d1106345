/** All mistakes, by their names. */
import { accountingFaults } from './accounting-faults.ts';
import { authorFaults } from './author-faults.ts';
import { callFaults } from './call-faults.ts';
import { directoryFaults } from './directory-faults.ts';
import { errorFaults } from './error-faults.ts';
import type { Fault } from './fault.ts';
import { languageFaults } from './language-faults.ts';
import { lineFaults } from './line-faults.ts';
import { listFaults } from './list-faults.ts';
import { readFaults } from './read-faults.ts';
import { reportFaults } from './report-faults.ts';
import { settingFaults } from './setting-faults.ts';
import { workFaults } from './work-faults.ts';

export const faults: Readonly<Record<string, Fault>> = {
  ...lineFaults,
  ...settingFaults,
  ...callFaults,
  ...errorFaults,
  ...reportFaults,
  ...directoryFaults,
  ...accountingFaults,
  ...authorFaults,
  ...listFaults,
  ...languageFaults,
  ...workFaults,
  ...readFaults,
};
