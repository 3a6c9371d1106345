import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Report } from '../../plugin-protocol/conformance/index.ts';
import { root, runAnnelid } from '../support/annelid.ts';

const program = join(root, 'test/conformance/planted/main.ts');
/** It reads all of its input before it answers. */
const script = join(root, 'test/host/fixtures/one-shot.pl');
const password = 'hunter2-hunter2';

describe('annelid plugin check', function () {
  this.timeout(60_000);
  let folder: string;
  let config: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-plugin-check-'));
    config = join(folder, 'instance.yaml');
    await writeFile(config, 'file: "{scratch}/cloud.json"\npassword: { secret: "env:CLOUD_PASSWORD" }\n');
  });
  after(() => rm(folder, { recursive: true }));
  const run = (words: readonly string[]) =>
    runAnnelid(['plugin', 'check', ...words], { env: { CLOUD_PASSWORD: password } });
  const planted = (fault: string, ...words: string[]) =>
    run(['--config', config, ...words, '--', 'node', program, fault]);

  it('prints what holds, and ends with 0', async () => {
    const { code, out, err } = await run([join(root, 'plugins/memory'), '--only', '1.5,6.5', '--only', '12.1']);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.match(
      /^memory 0\.1\.0 .*\n\n 1 Framing\n {2}✓ 1\.5 .*\n\n 6 .*\n {2}✓ 6\.5 .*\n\n 12 .*\n {2}✓ 12\.1/,
    );
    expect(out).to.match(/\nPassed: 3 clauses hold\.\n$/);
  });

  it('checks one with a process for each call as it is run, where its manifest says so or an option', async () => {
    const plugin = join(folder, 'one-shot');
    await mkdir(plugin);
    const manifest = { name: 'one shot', version: '1', run: ['perl', script, '{scratch}'], oneShot: true };
    await writeFile(join(plugin, 'manifest.json'), JSON.stringify(manifest));
    const passed = await run([plugin, '--only', '3.3']);
    expect(passed).to.deep.include({ code: 0 });
    expect(passed.out).to.include('✓ 3.3 ');
    const option = await run(['--only', '4.2', '--one-shot', '--', 'perl', script, folder]);
    expect(option).to.deep.include({ code: 0 });
  });

  it('ends with 1 when a clause does not hold, and never shows the secret that it found', async () => {
    const { code, out } = await planted('logs its configuration', '--only', '6.6', '--report', 'json');
    expect(code).to.equal(1);
    expect(JSON.parse(out)).to.deep.include({ passed: false });
    expect(out).to.include('A secret of its configuration stands on its standard error.').and.not.include(password);
  });

  it('fails at warnings when it is strict', async () => {
    expect((await planted('prints', '--only', '2.1')).code).to.equal(0);
    const { code, out } = await planted('prints', '--only', '2.1', '--strict');
    expect({ code, out }).to.deep.include({ code: 1 });
    expect(out).to.include('Warning: It prints a line that is no message: listing');
  });

  it('says what it could not look at of a plugin that makes machines and cannot remove them', async () => {
    const script = join(folder, 'keeps.mjs');
    await writeFile(
      script,
      `import { createInterface } from 'node:readline';
for await (const line of createInterface(process.stdin)) {
  const { id, method } = JSON.parse(line);
  const answer =
    method === 'describe'
      ? { result: { proto: [1], name: 'keeps', version: '1', methods: ['compute.create'] } }
      : { error: { code: -32601, message: 'There is no such method.' } };
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
}
`,
    );
    const { code, out } = await run([script, '--only', '7.3']);
    expect({ code, out }).to.deep.include({ code: 0 });
    expect(out.replaceAll(/\s+/g, ' '))
      .to.include('? 7.3')
      .and.include(
        'Not looked at, whether it answers the contract through the life of a machine, and tells two machines apart',
      )
      .and.include('asked for: It has no compute.delete, and other machines are left alone.');
  });

  it('names what was written in the folder of the plugin, where it runs, and writes nothing there when it is told where else', async () => {
    const directory = join(folder, 'writes');
    await mkdir(directory);
    await writeFile(
      join(directory, 'writes.mjs'),
      `import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
for await (const line of createInterface(process.stdin)) {
  const { id, method, params } = JSON.parse(line);
  const result = method === 'describe' ? { proto: [1], name: 'writes', version: '1', methods: [] } : params;
  if (method === 'configure') writeFileSync(params.config.file ?? 'machines.db', line);
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
}
`,
    );
    const check = (...words: string[]) => runAnnelid(['plugin', 'check', '--only', '6.5', ...words], { directory });
    const script = ['node', 'writes.mjs'];
    const elsewhere = await check('--config', '{"file": "{scratch}/machines"}', '--', ...script);
    expect(elsewhere).to.deep.include({ code: 0 });
    expect(elsewhere.out).not.to.include('Written meanwhile');
    const { code, out } = await check('--', ...script);
    expect(code).to.equal(0);
    expect(out).to.include('\nWritten meanwhile in the folder of the plugin: machines.db.\n→ It runs there (3.1)');
    const { written } = JSON.parse((await check('--report', 'json', 'writes.mjs')).out) as Report;
    expect(written).to.deep.equal(['machines.db']);
  });

  it('stops at the first clause that does not hold when it is asked to', async () => {
    const { code, out } = await planted('answers ids as strings', '--only', '1.5,1.7,3.3', '--bail');
    expect(code).to.equal(1);
    expect(out).to.include('✗ 1.5').and.not.include('1.7');
  });

  it('writes a report to a file, and the text for whoever watches', async () => {
    const file = join(folder, 'check.xml');
    const { code, out } = await planted('wraps what it echoes', '--only', '6.5', '--report', 'junit', '--output', file);
    expect(code).to.equal(1);
    expect(out).to.include('✗ 6.5');
    expect(await readFile(file, 'utf8')).to.match(/^<\?xml .*<testsuites name="planted" tests="1" failures="1"/s);
  });

  const misused: Record<string, { words: string[]; says: RegExp }> = {
    'there is nothing to check': { words: [], says: /^Say what to check: PATH, or -- COMMAND/ },
    'there is no plugin': { words: ['./nowhere'], says: /^There is no plugin at .*nowhere\.$/m },
    'a clause is not there': { words: ['./x', '--only', '99.1'], says: /PROTOCOL\.md has no clause 99\.1\./ },
    'a report is of no kind that is known': { words: ['./x', '--report', 'html'], says: /text, json, junit/ },
    'the configuration is not there': {
      words: [join(root, 'plugins/noop'), '--config', './no.yaml'],
      says: /no\.yaml/,
    },
    'a certificate is missing': { words: ['tls://localhost:7'], says: /needs --cert, --key and --ca/ },
    'the address is of nobody': { words: ['unix:/nowhere/there'], says: /cannot be reached/ },
    'the report cannot be written': {
      words: [join(root, 'plugins/noop'), '--output', '/no/such/folder/check.xml'],
      says: /^The report cannot be written: ENOENT.*\/no\/such\/folder\/check\.xml/,
    },
    'the command is not there': { words: ['--', './no-such-program'], says: /cannot be started: .*ENOENT/ },
  };
  for (const [what, { words, says }] of Object.entries(misused)) {
    it(`ends with 2 when ${what}`, async () => {
      const { code, out, err } = await run(words);
      expect({ code, out }).to.deep.equal({ code: 2, out: '' });
      expect(err).to.match(says);
    });
  }

  /** A plugin that hears nothing, with a check that waits for it, and the folder that this has made. */
  const stuck = async () => {
    const told = join(folder, 'told');
    await rm(told, { force: true });
    const script = `trap '' TERM; echo "$$ $HOME" > ${told}.new; mv ${told}.new ${told}; sleep 600 & sleep 600`;
    const command = ['plugin', 'check', '--', 'sh', '-c', script];
    const check = spawn(process.execPath, [join(root, 'bin/annelid.js'), ...command], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    while (!existsSync(told)) await sleep(20);
    const [pid, home] = (await readFile(told, 'utf8')).trim().split(' ') as [string, string];
    return { check, plugin: `/proc/${pid}`, workspace: dirname(home) };
  };

  it('says which interpreter of a script is not there', async () => {
    const script = join(folder, 'script');
    await writeFile(script, '#!/no/such/perl -w\n', { mode: 0o755 });
    const { code, err } = await run([script]);
    expect({ code, err }).to.deep.equal({
      code: 2,
      err: 'The plugin cannot be started: there is no /no/such/perl, which its first line names.\n',
    });
  });

  it('ends what it has started when it is interrupted, and removes what it has written', async () => {
    const { check, plugin, workspace } = await stuck();
    const said = text(check.stderr);
    check.kill('SIGINT');
    expect(await once(check, 'exit')).to.deep.equal([1, null]);
    expect(await said).to.equal('The check was interrupted; what it had started was ended.\n');
    expect([plugin, workspace].filter(existsSync)).to.deep.equal([]);
  });

  it('ends at once when it is interrupted again, and leaves nothing then either', async () => {
    const { check, plugin, workspace } = await stuck();
    check.kill('SIGINT');
    check.kill('SIGTERM');
    expect((await once(check, 'exit'))[0]).to.be.oneOf([130, 143]);
    while ([plugin, workspace].some(existsSync)) await sleep(20);
  });

  it('ends when a child of a plugin has escaped and holds its streams, and names it and ends it', async () => {
    const { code, out } = await planted('lets a child escape', '--only', '3.7', '--report', 'json');
    const { clauses, counts } = JSON.parse(out) as Report;
    expect({ code, warnings: counts.warnings }).to.deep.equal({ code: 0, warnings: 1 });
    const [pids = ''] = /(?<=sleep 60 \(pid )[0-9, ]+/.exec(clauses[0]!.findings[0]!.message) ?? [];
    expect(pids).to.match(/^[0-9]+/);
    expect(pids.split(', ').filter((pid) => existsSync(`/proc/${pid}/exe`))).to.deep.equal([]);
  });

  it('leaves nothing when it is killed itself', async () => {
    const { check, plugin, workspace } = await stuck();
    check.kill('SIGKILL');
    while ([plugin, workspace].some(existsSync)) await sleep(20);
  });

  it('says where a configuration is wrong', async () => {
    const wrong = join(folder, 'wrong.yaml');
    await writeFile(wrong, 'password: { secret: "env:NOT_SET" }\n');
    const { code, err } = await run([join(root, 'plugins/noop'), '--config', wrong]);
    expect(code).to.equal(2);
    expect(err).to.match(
      /wrong\.yaml:1:\d+: password\.secret names the environment variable NOT_SET, which is not set\./,
    );
  });
});
