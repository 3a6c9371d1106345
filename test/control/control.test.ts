/** The socket by which a daemon is told what to do, where the daemon ends meanwhile. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openControl } from '../../daemon/control/control.ts';
import { askForget } from '../../daemon/control/forget.ts';
import { askReload } from '../../daemon/control/reload.ts';
import { Fault } from '../../plugin-protocol/faults.ts';

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
    const users = { users: () => [], hasUser: () => false, putUser: async () => {}, removeUser: async () => {} };
    const forgotten: string[] = [];
    const control = await openControl(path, users, {
      watchable: { watch: () => undefined, secretsOf: () => [] },
      maxBytes: 1000,
      reload: async () => [],
      forget: async (connector) => void forgotten.push(connector),
    });
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
