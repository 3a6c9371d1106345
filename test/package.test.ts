import { cp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { makeStateDirectory, type RunningDaemon, root, runAnnelid, startDaemon } from './support/annelid.ts';

describe('the package', function () {
  this.timeout(120_000);
  let folder: string;
  let annelid: string;
  let daemon: RunningDaemon;

  // Away from the checkout, beside what it depends on, as npm installs it.
  before(async () => {
    await execa(process.execPath, ['bin/build.ts', '.'], { cwd: root });
    folder = await makeStateDirectory();
    const installed = join(folder, 'node_modules');
    await symlink(join(root, 'node_modules'), installed);
    await cp(join(root, 'dist'), join(folder, 'annelid'), { recursive: true });
    annelid = join(folder, 'annelid/bin/annelid.js');
    daemon = await startDaemon({ annelid });
  });
  after(async () => {
    await daemon?.discard();
    await rm(folder, { recursive: true, force: true });
  });

  it('serves, with its own plugins', async () => {
    const { code, out, err } = await daemon.run(['vm', 'list']);
    expect(err).to.equal('');
    expect(out).to.match(/^web1 +running/m);
    expect(code).to.equal(0);
    expect(daemon.notes).to.contain("' annelid vm list");
  });

  it('serves pages, and contracts', async () => {
    for (const path of ['/docs', '/docs/plugins', '/soap?wsdl', '/openrpc.json']) {
      const headers = { Authorization: `Basic ${Buffer.from(`admin:${await daemon.password()}`).toString('base64')}` };
      expect((await fetch(daemon.url + path, { headers })).status, path).to.equal(200);
    }
  });

  it('knows its version and its commands', async () => {
    const { version } = await import('../daemon/version.ts');
    expect((await runAnnelid(['--version'], { annelid })).out).to.equal(`${version}\n`);
    expect((await runAnnelid(['--help'], { annelid })).out).to.contain('Usage: annelid');
  });

  it('makes a plugin from its templates that its own check passes', async () => {
    const made = await runAnnelid(['plugin', 'new', 'lab', '--lang', 'typescript', '--kind', 'compute'], {
      annelid,
      directory: folder,
    });
    expect(made.code, made.err).to.equal(0);
    const checked = await runAnnelid(['plugin', 'check', 'lab', '--only', '3'], { annelid, directory: folder });
    expect(checked.code, checked.out + checked.err).to.equal(0);
  });
});
