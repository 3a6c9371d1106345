import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { durationText } from '../../daemon/cli/status.ts';
import { runAnnelid, startDaemon } from '../support/annelid.ts';
import { daemonsOfSuite } from '../support/daemon.ts';

describe('annelid status', function () {
  this.timeout(30_000);
  const start = daemonsOfSuite();

  it('shows the daemon and its connectors, and ends with 0 when all is well', async () => {
    const daemon = await start({ connectors: { cloud: { plugin: 'memory' } } });
    const { code, out, err } = await runAnnelid(['--state', 'state', 'status'], { directory: daemon.directory });
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.match(/^annelid 0\.1\.0 is ok, up for \d+ \S+.*\n\nID .*\ncloud +memory +0\.1\.0 +ready +0 +-\n/);
  });

  it('ends with 1 where a connector is away, and says why', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-status-'));
    const config = join(folder, 'annelid.yaml');
    await writeFile(config, 'connectors: { gone: { plugin: gone, command: ["false"] } }\n');
    const daemon = await startDaemon({ args: ['--config', config] });
    const [{ code, out }, json] = await Promise.all([daemon.run(['status']), daemon.run(['status', '--json'])]);
    await daemon.discard();
    await rm(folder, { recursive: true });
    expect(code).to.equal(1);
    expect(out).to.include(' is degraded, up for ').and.include(': 1 of 1 connectors cannot be used.\n');
    expect(out).to.match(/^gone +gone +- +(failing|starting) /m);
    expect(json.code).to.equal(1);
    expect(JSON.parse(json.out))
      .to.deep.include({ name: 'annelid', status: 'degraded' })
      .and.have.property('connectors');
  });

  it('says what to do where no daemon runs', async () => {
    const { code, err } = await runAnnelid(['--state', '/nonexistent', 'status']);
    expect(code).to.equal(1);
    expect(err).to.match(/^No daemon is known here\. Start one with: annelid serve/);
  });

  it('tells times in two units', () => {
    const texts = [0, 59, 60, 3661, 90_000, 86_400 * 3 + 59].map(durationText);
    expect(texts).to.deep.equal(['0 s', '59 s', '1 min', '1 h 1 min', '1 d 1 h', '3 d']);
  });
});
