/** The socket by which a daemon is told what to do, where the daemon ends meanwhile. */
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { askForget, askReload, askUsers } from '../../daemon/control/ask.ts';
import { openControl } from '../../daemon/control/control.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { silentLog } from '../support/core.ts';

describe('the control socket', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-control-'));
    path = join(folder, 'control');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const errorOf = (asked: Promise<unknown>): Promise<Error> =>
    asked.then(
      () => new Error('It was answered.'),
      (error) => error,
    );

  const users = { users: () => [], hasUser: () => false, putUser: async () => {}, removeUser: async () => {} };
  const plugins = {
    watchable: { watch: () => undefined, secretsOf: () => [] },
    maxBytes: 1000,
    reload: async () => [],
    forget: async () => {},
  };

  it('can be opened by the user of the daemon alone, whatever the mask of the process', async () => {
    const mask = process.umask(0);
    try {
      const control = await openControl(path, users, plugins, silentLog);
      expect((await stat(path)).mode & 0o777).to.equal(0o600);
      expect(process.umask()).to.equal(0);
      control.close();
    } finally {
      process.umask(mask);
    }
  });

  it('manages users one after the other: of two that make one in the same moment, the second is told', async () => {
    const made: string[] = [];
    const hashing = Promise.withResolvers<void>();
    const slow = {
      ...users,
      hasUser: (user: string) => made.includes(user),
      putUser: async ({ user }: { user: string }) => {
        await hashing.promise;
        made.push(user);
      },
    };
    const control = await openControl(path, slow, plugins, silentLog);
    const add = { do: 'add', user: 'zoe', password: 'eight-letters' } as const;
    const both = [askUsers(path, add), errorOf(askUsers(path, { ...add, password: 'other-letters' }))] as const;
    // Answered, so both have been read.
    expect(await askReload(path, undefined)).to.deep.equal([]);
    hashing.resolve();
    await both[0];
    expect(await both[1]).to.include({ kind: 'exists', message: 'There is a user zoe already.' });
    expect(made).to.deep.equal(['zoe']);
    control.close();
  });

  it('says that the daemon could not do it where that failed, and the log says why', async () => {
    const full = new Error('The disk is full.');
    const fails = async () => {
      throw full;
    };
    const told: unknown[] = [];
    const log = { ...silentLog, error: (facts: object) => void told.push(facts) };
    const control = await openControl(path, { ...users, putUser: fails }, { ...plugins, reload: fails }, log);
    const message = 'The daemon could not do it; its log says why.';
    const add = { do: 'add', user: 'zoe', password: 'eight-letters' } as const;
    for (const asked of [askUsers(path, add), askReload(path, undefined)]) {
      expect(await errorOf(asked)).to.include({ kind: 'internal', message });
    }
    expect(told).to.deep.equal([{ err: full }, { err: full }]);
    control.close();
  });

  it('refuses what is no request', async () => {
    const control = await openControl(path, users, plugins, silentLog);
    const say = async (line: string): Promise<{ fault: { kind: string; message: string } }> => {
      const socket = connect(path);
      socket.write(`${line}\n`);
      return JSON.parse(String((await once(socket, 'data'))[0]));
    };
    expect((await say('hello')).fault).to.deep.equal({ kind: 'malformed', message: 'The request is no JSON.' });
    for (const line of ['null', '7', '[]', '{"do":"forget"}']) {
      expect((await say(line)).fault.kind, line).to.equal('invalid-params');
    }
    control.close();
  });

  it('tells who asks that the daemon ended before it had answered, and not that it has done so', async () => {
    const dying = createServer((socket) => socket.once('data', () => socket.end()));
    await once(dying.listen(path), 'listening');
    const message = 'The daemon ended before it had answered; ask again once it runs.';
    expect((await errorOf(askForget(path, 'one'))).message).to.equal(message);
    expect((await errorOf(askReload(path, undefined))).message).to.equal(message);
    dying.close();
    await once(dying, 'close');
  });

  it('refuses what comes while the daemon stops: what it would change is closed by then', async () => {
    const forgotten: string[] = [];
    const forget = async (connector: string) => void forgotten.push(connector);
    const control = await openControl(path, users, { ...plugins, forget }, silentLog);
    await askForget(path, 'one');
    const early = connect(path);
    await once(early, 'connect');
    const asked = once(early, 'data');
    control.close();
    early.write('{"do":"forget","connector":"two"}\n');
    expect(JSON.parse(String((await asked)[0]))).to.deep.equal({
      fault: { kind: 'unavailable', message: 'The daemon is stopping; ask again once it runs.' },
    });
    expect(forgotten).to.deep.equal(['one']);
    expect(await errorOf(askForget(path, 'three'))).not.to.be.instanceOf(Fault);
  });
});
