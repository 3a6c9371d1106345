/** What docs/operating.md says, carried out: on a daemon and a store of its own in place of those of a machine. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect } from 'chai';
import { execa } from 'execa';
import { loadConfig } from '../daemon/config/config.ts';
import { defaultLimits } from '../daemon/limits.ts';
import { pathWithSbin, requireSuite } from './setup/packages.ts';
import { type RunningDaemon, root, startDaemon } from './support/annelid.ts';
import { freePort } from './support/free-port.ts';
import { startProxy } from './support/nginx.ts';

const text = await readFile(join(root, 'docs/operating.md'), 'utf8');
const sectionOf = (title: string): string => text.split(/^## /m).find((section) => section.startsWith(`${title}\n`))!;
const samplesOf = (title: string, language: string): string[] =>
  [...sectionOf(title).matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, sample]) => sample!);

describe('docs/operating.md', function () {
  this.timeout(60_000);
  let folder: string;
  before(async function () {
    await requireSuite(this, 'operating');
    folder = await mkdtemp(join(tmpdir(), 'annelid-operating-'));
  });
  after(() => folder && rm(folder, { recursive: true }));

  it('has a unit that systemd takes', async () => {
    const [unit] = samplesOf('As a service', 'ini');
    const file = join(folder, 'annelid.service');
    await writeFile(file, unit!.replace('/usr/local/bin/annelid', process.execPath));
    const { stdout, stderr } = await execa('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', file]);
    expect(stdout + stderr).to.equal('');
  });

  it('has configurations that are right', async () => {
    const samples = [...samplesOf('Install', 'yaml'), ...samplesOf('Reaching it from elsewhere', 'yaml')];
    for (const [at, sample] of samples.entries()) {
      const file = join(folder, `annelid-${at}.yaml`);
      await writeFile(file, sample);
      expect(loadConfig({ file, environment: {} }).file).to.equal(file);
    }
    expect(samples).to.have.length(3);
  });

  it('has words for a proxy that nginx takes, and the limit that they are about', async () => {
    const [location] = samplesOf('Reaching it from elsewhere', 'nginx');
    const file = join(folder, 'nginx.conf');
    const port = await freePort();
    await writeFile(
      file,
      `pid ${folder}/pid; error_log ${folder}/errors;\nevents {}\nhttp { server { listen ${port};\n${location} } }`,
    );
    await execa('nginx', ['-t', '-c', file, '-p', folder], { env: { PATH: pathWithSbin } });
    expect(Number(/client_max_body_size (\d+)m/.exec(location!)![1]) * 2 ** 20).to.equal(defaultLimits.http.bodyBytes);
  });

  it('lets the daemon tell callers apart behind that proxy', async () => {
    const [location] = samplesOf('Reaching it from elsewhere', 'nginx');
    const [, proxied] = samplesOf('Reaching it from elsewhere', 'yaml');
    const config = join(folder, 'proxied.yaml');
    await writeFile(config, `${proxied}limits: { calls: { loginFailures: 1 } }\n`);
    const daemon = await startDaemon({ args: ['--config', config] });
    const proxy = await startProxy(daemon.url, location!.replace('http://127.0.0.1:8420', daemon.url));
    /** The kind of the fault; `none` for who was let in. */
    const login = async (from: string, password: string): Promise<string> => {
      const asked = request(`${proxy.url}/jsonrpc`, {
        method: 'POST',
        localAddress: from,
        auth: `admin:${password}`,
        headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': '192.0.2.1' },
      });
      asked.end('{"jsonrpc":"2.0","id":1,"method":"session.whoami"}');
      const [reply] = (await once(asked, 'response')) as [IncomingMessage];
      const { error } = (await json(reply)) as { error?: { data: { kind: string } } };
      return error?.data.kind ?? 'none';
    };
    try {
      // Who forges the header is told apart all the same.
      expect(await login('127.0.0.2', 'guessed')).to.equal('unauthenticated');
      expect(await login('127.0.0.2', await daemon.password())).to.equal('throttled');
      expect(await login('127.0.0.3', await daemon.password())).to.equal('none');
    } finally {
      await proxy.close();
      await daemon.discard();
    }
  });

  it('names the metrics that there are', async () => {
    const daemon = await startDaemon();
    try {
      const there = new Set((await (await fetch(`${daemon.url}/metrics`)).text()).match(/^# TYPE annelid_\w+/gm));
      const named = new Set(sectionOf('Health and metrics').match(/(?<=^\|.*`)annelid_\w+/gm));
      expect([...named].sort()).to.deep.equal([...there].map((line) => line.split(' ').at(-1)).sort());
    } finally {
      await daemon.discard();
    }
  });

  it('makes a backup of a daemon that runs, and restores it', async () => {
    const here = (command: string, state: string): string =>
      command
        .replaceAll('/var/lib/annelid', state)
        .replaceAll('/var/backups', folder)
        .replaceAll(/-[og] annelid /g, '');
    const shell = (command: string) => execa('sh', ['-ec', command]);
    const names = async (daemon: RunningDaemon, what: string) =>
      (await daemon.run([what, 'list'])).out.split('\n').map((line) => line.split(' ')[0]);
    let daemon = await startDaemon();
    const { state } = daemon;
    try {
      await daemon.run(['user', 'add', 'before'], { input: 'a-password\n' });
      await daemon.run(['vm', 'create', 'before', '--wait']);
      await shell(here(samplesOf('Backup', 'sh').join(''), state));
      expect((await stat(join(folder, 'annelid.sqlite'))).mode & 0o777).to.equal(0o600);
      await daemon.run(['user', 'add', 'since'], { input: 'a-password\n' });
      await daemon.run(['vm', 'create', 'since', '--wait']);
      await daemon.end();
      await shell(here(samplesOf('Restore', 'sh').join(''), state));
      daemon = await startDaemon({ state });
      expect(await names(daemon, 'user'))
        .to.include('before')
        .and.not.to.include('since');
      expect(await names(daemon, 'vm')).to.include.members(['before', 'since']);
    } finally {
      await daemon.discard();
    }
  });
});
