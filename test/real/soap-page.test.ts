/** The programs of the page about SOAP, run as they stand there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { defaultLimits } from '../../daemon/limits.ts';
import { requireSuite } from '../setup/packages.ts';
import { root } from '../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';

const text = readFileSync(join(root, 'docs/soap.md'), 'utf8');
/** A program of the page, by what stands behind its language. */
const block = (title: string): string => new RegExp(`\`\`\`\\w+ ${title}\\n(.*?)\`\`\``, 's').exec(text)![1]!;

describe('The page about SOAP', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;

  before(async function () {
    await requireSuite(this, 'soap clients');
    daemon = await startDaemon({});
  });

  const python = (program: string) => execa('/usr/bin/python3', ['-c', program, daemon.url, daemon.password]);

  it('says who is calling in the message, with zeep as text and as digest', async () => {
    expect((await python(block('zeep-text'))).stdout).to.equal('admin');
    expect((await python(block('zeep-digest'))).stdout).to.equal('admin');
  });

  it('says so with PHP', async () => {
    const { stdout } = await execa('php', ['--', daemon.url, daemon.password], { input: block('php-text') });
    expect(stdout).to.equal('admin');
  });

  it('is borne out by the fault of a digest of the password, which says what to do', async () => {
    const program = block('zeep-text').replace('password)).service', 'password, use_digest=True)).service');
    const { stderr } = await execa('/usr/bin/python3', ['-c', program, daemon.url, daemon.password], { reject: false });
    expect(stderr).to.match(/Fault: The digest is of no token of that user: make it of a token of session\.login/);
  });

  it('has the defaults of the limits that it names', () => {
    const named = [...text.matchAll(/`limits\.(\w+)\.(\w+)` \(([\d,]+)\)/g)];
    expect(named).to.have.lengthOf(4);
    for (const [, group, name, value] of named) {
      const limits: Record<string, number> = defaultLimits[group as keyof typeof defaultLimits];
      expect(limits[name!], name).to.equal(Number(value!.replaceAll(',', '')));
    }
  });
});
