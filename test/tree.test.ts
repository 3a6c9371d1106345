import { execa } from 'execa';
import { treeChecks } from '../bin/tree-checks.ts';
import { root } from './support/annelid.ts';

describe('the tree', () => {
  for (const { what, command } of treeChecks) {
    it(what, async function () {
      this.timeout(300_000);
      const [program, ...args] = command;
      const { failed, all, shortMessage } = await execa(program, args, {
        cwd: root,
        preferLocal: true,
        localDir: root,
        stdin: 'ignore',
        all: true,
        reject: false,
      });
      if (failed) throw new Error(`${shortMessage}\n${all}`);
    });
  }
});
