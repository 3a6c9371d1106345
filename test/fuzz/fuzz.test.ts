import fc from 'fast-check';
import { targets } from './targets.ts';

describe('fuzzed for a moment', () => {
  for (const [name, { property, corpus }] of Object.entries(targets)) {
    it(name, async function () {
      this.timeout(30_000);
      await corpus?.();
      await fc.assert(property, { numRuns: 100 });
    });
  }
});
