/** Mocha's usual report, and as its last line the two numbers that matter. */
import Mocha from 'mocha';

export default class Reporter extends Mocha.reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures } = this.stats;
    Mocha.reporters.Base.consoleLog(`${passes} passed, ${failures} failed`);
  }
}
