/**
 * Ends the processes of plugins when the daemon is gone, however it went. End of file on its standard input ends a
 * well-behaved plugin; this is for wrappers, their children and those that are stuck. Node cannot ask the kernel for a
 * parent-death signal, which would reach the direct child only anyway. So one small shell, in a session of its own,
 * knows the process groups and waits for the end of a pipe that only the daemon holds.
 */
import { execa, type ResultPromise } from 'execa';
import type { Log } from '../core/ports.ts';

export interface Reaper {
  watch(group: number): void;
  forget(group: number): void;
  /** End the groups that are still watched, and itself. */
  stop(): void;
}

const script = `
trap '' INT TERM HUP
groups=' '
while read -r word group; do
  case $word in
    watch) groups="$groups$group " ;;
    forget) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -TERM "-$group" 2>/dev/null; done
for second in 1 2; do
  left=
  for group in $groups; do kill -0 "-$group" 2>/dev/null && left=yes; done
  [ -n "$left" ] || exit 0
  sleep 1
done
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
`;

const options = {
  detached: true,
  stdin: 'pipe',
  stdout: 'ignore',
  stderr: 'ignore',
  reject: false,
  cleanup: false,
} as const;
type Shell = ResultPromise<typeof options>;

export const createReaper = (log: Log): Reaper => {
  const groups = new Set<number>();
  let stopped = false;
  let current: Shell | undefined;

  const start = (): Shell => {
    const shell: Shell = execa('/bin/sh', ['-c', script], options);
    // It has ended: that is told by the promise.
    shell.stdin.on('error', () => {});
    shell.then(({ shortMessage }) => {
      if (stopped) return;
      log.warn({ reason: shortMessage }, 'The process that ends orphaned plugins has ended.');
      // Where there is no shell there is no use in trying again.
      current = shell.pid === undefined ? undefined : start();
    });
    for (const group of groups) shell.stdin.write(`watch ${group}\n`);
    return shell;
  };

  return {
    watch(group) {
      groups.add(group);
      if (current) current.stdin.write(`watch ${group}\n`);
      else current = start();
    },
    forget(group) {
      if (groups.delete(group)) current?.stdin.write(`forget ${group}\n`);
    },
    stop() {
      stopped = true;
      current?.stdin.end();
    },
  };
};
