/** Mocha's usual report, and as its last line the two numbers that matter. */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What a test has left open, such as a socket or a timer, would keep the run from ending. */
const lingerMs = 15_000;
const endAll = () => {
  const open = process.getActiveResourcesInfo().filter((name) => !name.startsWith('TTY') && name !== 'PipeWrap');
  console.error(`Tests have left open what keeps the process alive: ${open.join(', ')}.`);
  process.exit(1);
};

export default class Reporter extends Mocha.reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures } = this.stats;
    Mocha.reporters.Base.consoleLog(`${passes} passed, ${failures} failed`);
    const { ANNELID_SUITES_CLOSED: closed } = process.env;
    if (closed !== undefined) writeFileSync(closed, '');
    setTimeout(endAll, lingerMs).unref();
  }
}
