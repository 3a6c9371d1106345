import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Report, textReport } from '../../plugin-protocol/conformance/index.ts';
import { root } from '../support/annelid.ts';
import { checkCommand, patience, wrongIn } from './check.ts';

describe('a plugin of a cloud that all its processes share', function () {
  this.timeout(300_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-remote-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const check = (busyMs: number, only?: string[], stopMs = patience.stopMs): Promise<Report> =>
    checkCommand([process.execPath, join(root, 'test/conformance/remote.ts'), join(folder, 'cloud'), String(busyMs)], {
      config: { password: 'open-sesame-42' },
      hostSecrets: { token: 'token-4711-0815' },
      slow: 'compute.reboot',
      only,
      patience: { ...patience, stopMs },
    });
  const machines = async () => Object.keys(JSON.parse(await readFile(join(folder, 'cloud'), 'utf8')).vms);

  it('is right when each instance reports all that happens there', async () => {
    const report = await check(0);
    expect(wrongIn(report)).to.deep.equal([]);
    expect(report.left).to.deep.equal([]);
    expect(await machines()).to.deep.equal([]);
  });

  it('is left without a machine that was busy when it was to be removed', async () => {
    const report = await check(100, ['7.6', '7.1']);
    expect(report.left).to.deep.equal([]);
    expect(await machines()).to.deep.equal([]);
  });

  it('is told of machines that cannot be removed', async () => {
    const report = await check(3_600_000, ['7.6'], 100);
    const kinds = report.left.map((name) => /^annelid-check-[0-9a-f]+-(.+)$/.exec(name)?.[1]);
    expect(kinds).to.have.members(['cancelled-at-once', 'not-cancelled', 'cancelled']);
    expect(textReport(report, false).replace(/\s+/g, ' ')).to.include(
      `3 machines that were made are left, since compute.delete did not remove them: ${report.left.join(', ')}.`,
    );
  });
});
