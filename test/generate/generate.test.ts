import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { generate } from '../../daemon/generate/generate.ts';
import { targets } from '../../daemon/generate/targets.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('Generated files', () => {
  it('are byte for byte what is made from the catalogue, which breaks nothing that is published', () => {
    expect(generate(root, targets, true)).to.deep.equal([]);
  });

  describe('of a table', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'annelid-generate-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it('are written, folders included, and then verified', () => {
      const table = [{ path: 'a/b.txt', text: () => 'made\n' }];
      expect(generate(folder, table, true)).to.deep.equal([
        'a/b.txt is not what is made from the catalogue: run daemon/generate/main.ts.',
      ]);
      expect(generate(folder, table, false)).to.deep.equal([]);
      expect(readFileSync(join(folder, 'a/b.txt'), 'utf8')).to.equal('made\n');
      expect(generate(folder, table, true)).to.deep.equal([]);
    });

    it('are not replaced while something speaks against it', () => {
      const table = [
        {
          path: 'lock',
          text: () => 'new',
          objections: (existing: string) => (existing === 'old' ? ['It breaks.'] : []),
        },
      ];
      writeFileSync(join(folder, 'lock'), 'old');
      expect(generate(folder, table, false)).to.deep.equal(['lock: It breaks.']);
      expect(readFileSync(join(folder, 'lock'), 'utf8')).to.equal('old');
    });
  });
});
