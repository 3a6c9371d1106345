import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createReaper } from '../../plugin-protocol/reaper.ts';

const group = (program: string): ChildProcess & { pid: number } =>
  spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] }) as ChildProcess & {
    pid: number;
  };

/** Our children that are shells, by pid. */
const shells = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .filter((pid) => {
      try {
        const [, name, parent] =
          /^[0-9]+ \((.*)\) [A-Z] ([0-9]+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return name === 'sh' && Number(parent) === process.pid;
      } catch {
        return false;
      }
    })
    .map(Number);

describe('the reaper', () => {
  it('ends the groups that it watches when its pipe ends, also with SIGKILL, and no other', async () => {
    const reaper = createReaper(() => {});
    const idle = 'setInterval(() => {}, 1000); console.log("up")';
    const [tame, stubborn, other] = [group(idle), group(`process.on("SIGTERM", () => {}); ${idle}`), group(idle)];
    await Promise.all([tame, stubborn, other].map(({ stdout }) => once(stdout!, 'data')));
    for (const { pid } of [tame, stubborn, other]) reaper.watch(pid);
    reaper.forget(other.pid);
    const ends = [once(tame, 'exit'), once(stubborn, 'exit')];
    reaper.stop();
    expect(await Promise.all(ends)).to.deep.equal([
      [null, 'SIGTERM'],
      [null, 'SIGKILL'],
    ]);
    expect(other.exitCode ?? other.signalCode).to.equal(null);
    other.kill('SIGKILL');
    await once(other, 'exit');
  });

  it('is started again with all that it watched when somebody kills it', async () => {
    const { promise: reason, resolve: onEnded } = Promise.withResolvers<string>();
    const before = new Set(shells());
    const reaper = createReaper(onEnded);
    const watched = group('setInterval(() => {}, 1000)');
    reaper.watch(watched.pid);
    const [pid] = shells().filter((shell) => !before.has(shell));
    process.kill(pid!, 'SIGKILL');
    expect(await reason).to.equal('SIGKILL');
    const ended = once(watched, 'exit');
    reaper.stop();
    expect(await ended).to.deep.equal([null, 'SIGTERM']);
  });
});
