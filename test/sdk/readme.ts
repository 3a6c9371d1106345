/**
 * The README of an SDK, followed to the letter in an environment that has nothing: a folder of its own for home, and no variable but
 * `PATH`. Its blocks are used in their order: the commands that install, a plugin, its manifest, the configuration of the daemon, a plugin
 * that publishes methods, a program that calls the daemon, and one that follows its events. What they say is the same in every language.
 */
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { createLocalClient } from '../../sdk/typescript/client/index.ts';
import { requireSuite, type SuiteName } from '../setup/packages.ts';
import { type RunningDaemon, root, startDaemon } from '../support/annelid.ts';

export interface Readme {
  language: string;
  suite: SuiteName;
  /** The folder of the SDK. */
  sdk: string;
  /** How a file of the language ends, and how its blocks are marked in the README; the client's may be marked otherwise. */
  end: string;
  fence: string;
  client?: { end: string; fence: string };
  /** What runs a script in the folder once the SDK is installed, and the environment in which it finds it. */
  command: readonly string[];
  env?: Record<string, string>;
  /** A program that calls what the README says beside: the state directory, the address and the password are its arguments. */
  session: { code: string; says: string };
  /** More to be tried once the SDK is installed. */
  installed(shell: (commands: string) => Promise<string>, folder: string): Promise<void>;
}

/** Package managers that would look elsewhere for what is not there. */
const offline = { PIP_NO_INDEX: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1', npm_config_offline: 'true' };

export const readmeSuite = ({ language, suite, sdk, end, fence, client, command, env, session, installed }: Readme) => {
  describe(`The README of Annelid for ${language}, followed to the letter`, function () {
    this.timeout(120_000);
    let folder: string;
    let daemon: RunningDaemon | undefined;
    const blocks = new Map<string, string[]>();
    const block = (of: string, at = 0): string => {
      const found = blocks.get(of)?.[at];
      if (found === undefined) throw new Error(`The README has no block ${of} ${at}.`);
      return found;
    };
    const run = async ([program = '', ...args]: readonly string[], more: Record<string, string> = {}) => {
      const path = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);
      const bare = { PATH: path, HOME: folder, LANG: 'C.UTF-8', ...offline, ...more };
      return (await execa(program, args, { cwd: folder, env: bare, extendEnv: false, stdin: 'ignore' })).stdout;
    };
    const shell = (commands: string) => run(['sh', '-e', '-c', commands], env);

    before(async function () {
      await requireSuite(this, suite);
      folder = await mkdtemp(join(tmpdir(), 'annelid-readme-'));
      await symlink(root, join(folder, 'annelid'));
      const text = await readFile(join(root, sdk, 'README.md'), 'utf8');
      for (const [, of = '', code = ''] of text.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
        blocks.set(of, [...(blocks.get(of) ?? []), code]);
      }
    });
    after(async () => {
      await daemon?.discard();
      await rm(folder, { recursive: true, force: true });
    });

    it('installs into an empty environment, without the network', async () => {
      for (const commands of blocks.get('sh') ?? []) await run(['sh', '-e', '-c', commands]);
      // What is found from now on is what was installed.
      await rm(join(folder, 'annelid'));
      await installed(shell, folder);
    });

    it('makes plugins that the daemon starts', async () => {
      await writeFile(join(folder, `main.${end}`), block(fence));
      await writeFile(join(folder, 'manifest.json'), block('json'));
      await writeFile(join(folder, `meter.${end}`), block(fence, 1));
      // Told apart from the other by its program only: the manifest is that of the README.
      const words = ['env', '-C', folder, ...Object.entries(env ?? {}).map((pair) => pair.join('='))];
      const meter = JSON.stringify([...words, ...command, `meter.${end}`]);
      const config = `${block('yaml')}  building:\n    plugin: meter\n    command: ${meter}\n`;
      await writeFile(join(folder, 'annelid.yaml'), config);
      daemon = await startDaemon({ args: ['--config', join(folder, 'annelid.yaml')] });
      const api = createLocalClient(daemon.state);
      let { next: after } = await api.event.poll();
      for (const connector of ['mine', 'building']) {
        while ((await api.connector.get({ connector })).state !== 'ready') {
          ({ next: after } = await api.event.poll({ after, wait: 30, types: ['connector.state'] }));
        }
      }
      expect((await api.connector.get({ connector: 'mine' })).version).to.equal('1.0.0');
    });

    it('makes machines with the client', async () => {
      const { url, password } = daemon!;
      const file = `client.${client?.end ?? end}`;
      await writeFile(join(folder, file), client ? block(client.fence) : block(fence, 2));
      const said = await run([...command, file], { ...env, URL: url, PASSWORD: await password() });
      expect(said).to.equal('web1 running 64\nnot-found There is no vm web2.');
    });

    it('follows events with the client, and says that a daemon is not there', async () => {
      const { url, password } = daemon!;
      const file = `events.${client?.end ?? end}`;
      await writeFile(join(folder, file), client ? block(client.fence, 1) : block(fence, 3));
      const said = await run([...command, file], { ...env, URL: url, PASSWORD: await password() });
      expect(said).to.match(/^vm\.created .*operation\.finished/);
      const alone = run([...command, file], { ...env, URL: 'http://127.0.0.1:1', PASSWORD: 'x' });
      const { stderr } = (await alone.then(() => ({ stderr: '' })).catch((error) => error)) as { stderr: string };
      expect(stderr).to.match(/127\.0\.0\.1:1 cannot be reached: .*refused/i);
    });

    it('publishes methods, and calls them with a token', async () => {
      const { state, url, password } = daemon!;
      const file = `session.${client?.end ?? end}`;
      await writeFile(join(folder, file), session.code);
      expect(await run([...command, file, state, url, await password()], env)).to.equal(session.says);
    });
  });
};
