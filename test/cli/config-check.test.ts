/** `annelid config check`, of what a configuration names beside itself. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runAnnelid } from '../support/annelid.ts';

describe('annelid config check', function () {
  this.timeout(30_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-config-check-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('looks for the plugins of the connectors', async () => {
    const file = join(folder, 'plugins.yaml');
    const lines = [
      'connectors:',
      '  none: {plugin: nonesuch/cloud}',
      '  text: {plugin: ./plugins.yaml}',
      '  broken: {plugin: ./broken}',
      '  gone: {plugin: noop, command: [no-such-program]}',
      '  right: {plugin: memory}',
    ];
    await mkdir(join(folder, 'broken'), { recursive: true });
    await writeFile(join(folder, 'broken/manifest.json'), '{"name":"broken","version":"1"}');
    await writeFile(file, `${lines.join('\n')}\n`);
    const { code, err } = await runAnnelid(['config', 'check', file], { directory: '/' });
    expect(code).to.equal(2);
    const [none, text, broken, gone, ...others] = err.trimEnd().split('\n');
    expect(none).to.equal(`${file}:2:18: connectors.none: There is no plugin at ${folder}/nonesuch/cloud.`);
    expect(text).to.match(/:3:18: connectors.text: .*plugins.yaml cannot be executed: it needs chmod \+x and /);
    expect(broken).to.match(/:4:20: connectors.broken: .*manifest.json is no manifest: \/run is missing\.$/);
    expect(gone).to.match(/:5:24: connectors.gone: There is no no-such-program on the PATH\.$/);
    expect(others).to.deep.equal([]);
  });

  it('says which user, files and bounds of connectors there cannot be', async () => {
    const file = join(folder, 'users.yaml');
    const isRoot = process.getuid?.() === 0;
    const own = join(folder, 'private');
    await mkdir(own, { recursive: true, mode: 0o700 });
    await writeFile(join(own, 'manifest.json'), '{"name":"cloud","version":"1","run":["/bin/sh","cloud.sh"]}');
    const brief = join(folder, 'brief');
    await mkdir(brief, { recursive: true });
    await writeFile(
      join(brief, 'manifest.json'),
      '{"name":"brief","version":"1","run":["/bin/sh","brief.sh"],"oneShot":true}',
    );
    const lines = [
      'connectors:',
      '  nobody: {plugin: memory, user: nobody-at-all}',
      `  kept: {plugin: ${brief}, keep: true}`,
      '  far: {plugin: "tls://far:1", tls: {cert: cert.pem, key: key.pem, ca: ca.pem}}',
      ...(isRoot ? ['  many: {plugin: memory, resources: {processes: 5}}'] : []),
      ...(isRoot ? [`  hidden: {plugin: ${own}, user: nobody}`] : []),
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    const { code, err } = await runAnnelid(['config', 'check', file], { directory: '/' });
    expect(code).to.equal(2);
    const [nobody, kept, cert, key, ca, ...others] = err.trimEnd().split('\n');
    expect(nobody).to.equal(`${file}:2:34: connectors.nobody: There is no user nobody-at-all.`);
    expect(kept).to.match(
      /:3:[0-9]+: connectors\.kept: With oneShot there is no process between calls that keep could hold: set keep or oneShot to false\.$/,
    );
    expect(cert).to.equal(`${file}:4:44: connectors.far: There is no file ${folder}/cert.pem.`);
    expect([key, ca].every((line) => line?.includes('There is no file'))).to.equal(true);
    if (!isRoot) return;
    expect(others).to.deep.equal([
      `${file}:5:26: connectors.many: The setting resources.processes needs user: the system does not count processes of root.`,
      `${file}:6:${18 + own.length + 8 + 2}: connectors.hidden: The user nobody cannot read ${own}.`,
    ]);
  });

  it('shows what plugins need, and which are held to it', async () => {
    const file = join(folder, 'needs.yaml');
    const lines = [
      'connectors:',
      '  cloud: {plugin: memory, sandbox: true}',
      '  kvm: {plugin: memory, needs: {net: true, exec: true, fs: [{path: /a}, {path: /b, write: true}]}}',
      '  own: {plugin: noop, command: [sh]}',
      '  there: {plugin: "unix:/run/x"}',
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    const { code, out } = await runAnnelid(['config', 'check', file], { directory: '/' });
    expect([code, out.trimEnd().split('\n')]).to.deep.equal([
      0,
      [
        `${file}: right.`,
        'cloud (memory) needs nothing but its own folder, and has no more: it runs in a sandbox.',
        'kvm (memory) needs the network; other programs; to read /a; to write /b, and is not held to it.',
        'own (noop) does not say what it needs.',
      ],
    ]);
  });
});
