import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { treeChecks } from '../bin/tree-checks.ts';
import { root } from './support/annelid.ts';

/** What stands at the top. A new entry is a reviewed line here. */
const top = [
  ...['.ci', '.gitignore', '.mocharc.json', '.npmrc', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md'],
  ...['bin', 'biome.json', 'daemon', 'docs', 'examples', 'package-lock.json', 'package.json', 'plugin-protocol'],
  ...['plugins', 'sdk', 'test', 'tsconfig.build.json', 'tsconfig.json'],
];

const strays: Record<string, RegExp> = {
  'a database': /\.(db|dbm|dict|mdb|pstore|sqlite\d?|storable)(-(journal|shm|wal))?$/,
  'a log, a dump or a profile': /\.(log|out|err|trace|dump|dmp|heapsnapshot|cpuprofile|prof|pid)$|(^|\/)core(\.\d+)?$/,
  'what an editor, a merge or a system has left':
    /(~|\.(swp|swo|bak|orig|rej|tmp|new|old))$|(^|\/)(#[^/]*#|\.#[^/]*|\.DS_Store|Thumbs\.db)$/,
  'a secret of somebody': /\.(pem|key|p12|pfx)$|(^|\/)(\.env|id_(rsa|ed25519)|admin-password)$/,
};

const mostBytes = 96 * 1024;

/** Requests of any bytes, which the fuzzer has found. */
const asFound = 'test/fuzz/corpus/';

/** Why a file should not be in the tree. */
const strayness = (path: string, content: Buffer): string[] => {
  const [first = ''] = path.split('/');
  return [
    ...(top.includes(first) ? [] : [`${path} is not among what stands at the top (the list in test/tree.test.ts).`]),
    ...Object.entries(strays).flatMap(([what, pattern]) =>
      pattern.test(path) ? [`${path} is named as ${what}.`] : [],
    ),
    ...(content.includes(0) && !path.startsWith(asFound)
      ? [`${path} is no text: it has a byte of zero, as databases and programs have.`]
      : []),
    ...(content.length > mostBytes
      ? [
          `${path} has ${content.length} bytes, and ${mostBytes} are the most: people read what is here, or it is made when it is needed.`,
        ]
      : []),
  ];
};

describe('the tree', () => {
  it('has no file that strayed into it', () => {
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
    const files = tracked.filter((path) => path !== '' && existsSync(join(root, path)));
    expect(files.flatMap((path) => strayness(path, readFileSync(join(root, path))))).to.deep.equal([]);
    const without = top.filter((entry) => !files.some((path) => path === entry || path.startsWith(`${entry}/`)));
    expect(without, 'of what should stand at the top').to.deep.equal([]);
  });

  it('would say of one that strayed into it why it should not be there', () => {
    const text = Buffer.from('text\n');
    const cases: [path: string, content: Buffer, says: RegExp][] = [
      ['machines', text, /^machines is not among what stands at the top/],
      ['plugins/memory/machines.db-wal', text, /is named as a database\.$/],
      ['sdk/ruby/examples/machines.pstore', text, /is named as a database\.$/],
      ['daemon/npm-debug.log', text, /is named as a log/],
      ['daemon/core/.api.ts.swp', text, /has left\.$/],
      ['daemon/core/api.ts~', text, /has left\.$/],
      ['test/real/host-key.pem', text, /is named as a secret/],
      ['docs/machines', Buffer.from('SQLite format 3\0'), /^docs\/machines is no text/],
      ['docs/pages.md', Buffer.alloc(mostBytes + 1, 'x'), /^docs\/pages\.md has 98305 bytes, and 98304 are the most/],
    ];
    for (const [path, content, says] of cases) {
      const said = strayness(path, content);
      expect(said, path).to.have.length(1);
      expect(said[0]).to.match(says);
    }
  });

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
