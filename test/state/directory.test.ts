import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { holdStateDirectory, StateInUse } from '../../daemon/state/directory.ts';
import { readEndpoint } from '../../daemon/state/files.ts';

describe('the state directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'annelid-state-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is held by one at a time', () => {
    const held = holdStateDirectory(directory, '--state');
    expect(() => holdStateDirectory(directory, '--state')).to.throw(StateInUse);
    held.release();
    holdStateDirectory(directory, '--state').release();
  });

  const refusal = (path: string): string => {
    try {
      holdStateDirectory(path, 'ANNELID_STATE').release();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error(`${path} was taken.`);
  };

  it('whose lock is damaged is not said to be in use', () => {
    const lock = join(directory, 'lock');
    writeFileSync(lock, Buffer.alloc(8192, 'x'));
    expect(refusal(directory)).to.equal(
      `state, from ANNELID_STATE: ${lock} cannot be used: file is not a database. Move it away, or put a copy from before in its place.`,
    );
  });

  it('whose lock cannot be opened is told by the name of that', () => {
    const lock = join(directory, 'lock');
    mkdirSync(lock);
    expect(refusal(directory)).to.equal(
      `state, from ANNELID_STATE: ${lock} cannot be used: unable to open database file. Make it writable for this user, or name another directory with --state.`,
    );
  });

  it('that cannot be made is named with what named it, and with what to do', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(refusal(join(file, 'state')))
      .to.match(/^state, from ANNELID_STATE: .*file\/state cannot be used: ENOTDIR: /)
      .and.to.match(/name another directory with --state\.$/);
    // Nobody can make anything there, not even root.
    expect(refusal('/sys/annelid'))
      .to.match(/^state, from ANNELID_STATE: \/sys\/annelid cannot be used: /)
      .and.to.match(/Make it writable for this user, or name another directory with --state\.$/);
  });

  it('whose announcement is no address has no daemon', () => {
    const announce = (text: string) => {
      writeFileSync(join(directory, 'endpoint'), text);
      return readEndpoint(directory);
    };
    expect(announce('{"url":"http://a","pid":1}')).to.deep.equal({ url: 'http://a', pid: 1 });
    for (const text of ['{"url":7,"pid":1}', '{"pid":1}', 'null', '"x"', '{"url":"http://a"', '']) {
      expect(announce(text), text).to.equal(undefined);
    }
  });
});
