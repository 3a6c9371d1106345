import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { holdStateDirectory, StateInUse } from '../daemon/state-directory.ts';

describe('the state directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'annelid-state-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is held by one at a time', () => {
    const held = holdStateDirectory(directory);
    expect(() => holdStateDirectory(directory)).to.throw(StateInUse);
    held.release();
    holdStateDirectory(directory).release();
  });

  it('whose lock is damaged is not said to be in use', () => {
    writeFileSync(join(directory, 'lock'), Buffer.alloc(8192, 'x'));
    const lock = join(directory, 'lock');
    expect(() => holdStateDirectory(directory)).to.throw(`${lock} cannot be locked: file is not a database.`);
  });
});
