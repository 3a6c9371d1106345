import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Report } from '../../plugin-protocol/conformance/index.ts';
import { samplesIn } from '../plugin-protocol/samples.ts';
import { root } from '../support/annelid.ts';
import { makeCertificate, signCertificate } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import { checkCommand, wrongIn } from './check.ts';

type Pair = ReturnType<typeof makeCertificate>;

const memory = join(root, 'plugins/memory/main.ts');
const config = { file: '{scratch}/cloud.json' };
const statusOf = ({ clauses }: Report, wanted: string) => clauses.find(({ clause }) => clause === wanted)?.status;

describe('a plugin that runs already', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-address-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('is checked at its address, and goes on; what only its program shows is skipped with a reason', async () => {
    const path = join(folder, 'memory.sock');
    const plugin = spawn(process.execPath, [memory, '--listen', `unix:${path}`]);
    try {
      while (!existsSync(path)) await sleep(20);
      const report = await checkCommand([], {
        path: `unix:${path}`,
        subject: { kind: 'address', address: { kind: 'unix', path } },
        config,
      });
      const skipped = report.clauses.filter(({ status }) => status === 'skipped');
      expect(skipped.map(({ clause }) => clause)).to.deep.equal(['3.5', '3.6', '3.7', '9.3']);
      for (const { probes } of skipped) {
        const skip = probes.find(({ status }) => status === 'skipped')!;
        expect(skip.why).to.match(/^It runs already/);
        expect(skip.means).to.match(/known once its program is checked\.$/);
      }
      expect(wrongIn(report)).to.have.length(skipped.length);
      expect(statusOf(report, '12.6')).to.equal('passed');
      expect(plugin.exitCode).to.equal(null);
    } finally {
      plugin.kill('SIGKILL');
      await once(plugin, 'exit');
    }
  });

  it('over TLS is checked likewise', async () => {
    const ca = makeCertificate(folder, 'ca-');
    const [own, mine] = ['plugin', 'check'].map((name) => signCertificate(folder, name, ca)) as [Pair, Pair];
    const port = await freePort();
    const tls = ['--cert', own.cert, '--key', own.key, '--ca', ca.cert];
    const plugin = spawn(process.execPath, [memory, '--listen', `tls://localhost:${port}`, ...tls]);
    try {
      await once(plugin.stderr, 'data');
      const subject = { kind: 'address', address: { kind: 'tls', host: 'localhost', port } } as const;
      const check = { config, only: ['1', '6', '12'] };
      const report = await checkCommand([], { ...check, subject: { ...subject, tls: { ...mine, ca: ca.cert } } });
      expect(wrongIn(report)).to.deep.equal([]);
      expect(statusOf(report, '12.6')).to.equal('passed');
      const stranger = { ...makeCertificate(folder, 'stranger-'), ca: ca.cert };
      const refused = await checkCommand([], { subject: { ...subject, tls: stranger }, only: ['4.1'] });
      expect(wrongIn(refused)[0]).to.match(/^4\.1: It (lost|closed) the connection/);
    } finally {
      plugin.kill('SIGKILL');
      await once(plugin, 'exit');
    }
  });

  it('that is not there is told as that', async () => {
    const subject = { kind: 'address', address: { kind: 'unix', path: join(folder, 'nobody.sock') } } as const;
    const failure = await checkCommand([], { path: 'nobody', subject }).catch((error: Error) => error);
    expect(failure).to.include({ name: 'NoPlugin' });
    expect((failure as Error).message).to.match(/^The plugin cannot be reached: .*ENOENT/);
  });
});

describe('a plugin that connects by itself', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-dial-'));
  });
  after(() => rm(folder, { recursive: true }));

  const program = (command: string[], dialIn: object = {}) =>
    ({ subject: { kind: 'program', command, folder: root, dialIn } }) as const;
  const script = async (text: string) => {
    const file = join(folder, 'plugin.py');
    await writeFile(file, text);
    return program(['python3', file, '{path}', '{connector}', '{token-file}']);
  };
  /** The findings of a clause, with warnings. */
  const foundIn = ({ clauses }: Report, wanted: string) =>
    clauses.find(({ clause }) => clause === wanted)!.findings.map(({ message }) => message);

  it('is started for each conversation, and holds what it can, without a skip and without a warning', async () => {
    const only = ['3', '4', '6', '7.3', '9.1', '9.2', '12'];
    const report = await checkCommand([], { ...program([process.execPath, memory]), config, only });
    expect(wrongIn(report)).to.deep.equal([]);
    expect(report.counts.warnings).to.equal(0);
    for (const clause of ['3.6', '7.3', '12.9', '12.10']) expect(statusOf(report, clause), clause).to.equal('passed');
    for (const clause of ['3.5', '3.7']) expect(statusOf(report, clause), clause).to.equal('unclaimed');
  });

  it('connects over TLS, with a certificate that is signed', async () => {
    const ca = makeCertificate(folder, 'ca-');
    const [own, mine] = ['plugin', 'check'].map((name) => signCertificate(folder, name, ca)) as [Pair, Pair];
    const command = (shown: Pair) => [
      ...[process.execPath, memory, '--cert', shown.cert, '--key', shown.key, '--ca', ca.cert],
    ];
    const tls = { ...mine, ca: ca.cert };
    const only = ['1', '12'];
    expect(wrongIn(await checkCommand([], { ...program(command(own), { tls }), config, only }))).to.deep.equal([]);
    const stranger = program(command(makeCertificate(folder, 'stranger-')), { tls });
    const shortly = { describeMs: 2000, answerMs: 2000, stopMs: 2000 };
    const refused = await checkCommand([], { ...stranger, patience: shortly }).catch((error: Error) => error);
    expect(refused).to.include({ name: 'NoPlugin' });
    expect((refused as Error).message).to.match(/has not connected within 2000 ms.*did not get through the handshake/);
  });

  it('is a few lines of Python with a socket, as PROTOCOL.md has it, which does not come again', async () => {
    const [sample] = samplesIn('python dial-in');
    const report = await checkCommand([], { ...(await script(sample!)), only: ['1', '3', '6', '12'] });
    expect(wrongIn(report)).to.deep.equal([]);
    expect(foundIn(report, '12.10')).to.deep.equal(['It does not connect again when it was not admitted.']);
  });

  it('is told what a program printed that ended before it connected', async () => {
    const broken = await script('import sys\nprint("on its way")\nraise RuntimeError("no cloud")\n');
    const refused = await checkCommand([], broken).catch((error: Error) => error);
    expect(refused).to.include({ name: 'NoPlugin' });
    expect((refused as Error).message).to.match(
      /ended with code 1 .* The last line that it printed: RuntimeError: no cloud$/,
    );
  });

  it('is told what is wrong with what it says first', async () => {
    const saying = (line: string, more = '') => `import json, socket, sys, time
path, connector, token_file = sys.argv[1:]
host = socket.socket(socket.AF_UNIX)
host.connect(path)
token = open(token_file).read()
host.sendall((json.dumps(${line}) + "\\n").encode())
${more}
time.sleep(60)
`;
    const admit = (params: string) => `{"jsonrpc": "2.0", "method": "$/admit", "params": ${params}}`;
    const mistakes = [
      [saying('{"hello": 1}'), /^Its first line is not \$\/admit with the texts connector and token: \{"hello": 1\}$/],
      [saying(admit('{"connector": "kvm1", "token": token.strip()}')), /^It says that it is for the connector kvm1/],
      [saying(admit('{"connector": connector, "token": token}')), /^Its token has white space around it/],
      [saying(admit('{"connector": connector, "token": "guess"}')), /^It shows another token/],
    ] as const;
    for (const [text, words] of mistakes) {
      const report = await checkCommand([], { ...(await script(text)), only: ['12'] });
      expect(foundIn(report, '12.9')[0]).to.match(words);
      expect(report.passed).to.equal(false);
    }
  });

  it('is told that it comes again too soon', async () => {
    const [sample] = samplesIn('python dial-in');
    const [imports, ...rest] = sample!.split('\n');
    const hasty = [imports, 'while True:', ...rest.map((line) => `  ${line}`)].join('\n');
    const report = await checkCommand([], { ...(await script(hasty)), only: ['12.10'] });
    expect(foundIn(report, '12.10')[0]).to.match(/^It connects again at once when it was not admitted/);
  });

  it('may end before it connects, which is told', async () => {
    const failure = await checkCommand([], await script('import sys; sys.exit(3)')).catch((error: Error) => error);
    expect(failure).to.include({ name: 'NoPlugin' });
    expect((failure as Error).message).to.match(/and ended with code 3 without having said who it is/);
  });
});
