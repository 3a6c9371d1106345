/**
 * Ends the processes of plugins when who has started them is gone, however it went: the daemon, or a check. End of file on its
 * standard input ends a well-behaved plugin; this is for wrappers, their children and those that are stuck. Node cannot ask the
 * kernel for a parent-death signal, which would reach the direct child only anyway. So one small shell, in a session of its own,
 * knows the process groups and waits for the end of a pipe that nobody else holds. Those that have left their group it finds by
 * their mark: an environment variable, which children inherit and keep through `setsid` and a change of parents.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';

export const markName = 'ANNELID_PLUGIN_ID';

export interface Reaper {
  /** A mark for a new process: what carries one when the daemon is gone is ended. */
  mark(): string;
  watch(group: number): void;
  forget(group: number): void;
  /** End the groups that are still watched, and itself. */
  stop(): void;
}

/** `grep -z` takes each variable for a line. */
const script = `
trap '' INT TERM HUP
prefix=$1
folder=$2
groups=' '
while read -r word group; do
  case $word in
    watch) groups="$groups$group " ;;
    forget) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
each() {
  for group in $groups; do kill "$1" "-$group" && echo; done
  for file in $(grep -lz '^${markName}='"$prefix"'[.]' /proc/[0-9]*/environ); do
    file=\${file#/proc/}
    kill "$1" "\${file%/environ}" && echo
  done
} 2>/dev/null
each -TERM >/dev/null
for second in 1 2; do
  [ "$(each -0 | wc -l)" -gt 0 ] || break
  sleep 1
done
each -KILL >/dev/null
[ -z "$folder" ] || rm -rf "$folder"
`;

type Shell = ChildProcessByStdio<Writable, null, null>;

/** `onEnded` is told why it ended too early; it is then started again. `folder` is removed in the end. */
export const createReaper = (onEnded: (reason: string) => void, folder = ''): Reaper => {
  const groups = new Set<number>();
  // Nobody else makes such marks.
  const prefix = randomBytes(8).toString('hex');
  let given = 0;
  let stopped = false;
  let current: Shell | undefined;

  const start = (): Shell => {
    const shell = spawn('/bin/sh', ['-c', script, 'reaper', prefix, folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // It has ended: that is told by its own event.
    shell.stdin.on('error', () => {});
    const ended = (reason: string): void => {
      if (stopped) return;
      onEnded(reason);
      // Where there is no shell there is no use in trying again.
      current = shell.pid === undefined ? undefined : start();
    };
    shell.once('error', ({ message }) => ended(message));
    shell.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
    for (const group of groups) shell.stdin.write(`watch ${group}\n`);
    return shell;
  };

  // Without a folder there is nothing to do before there is a group.
  if (folder !== '') current = start();

  return {
    mark: () => `${prefix}.${++given}`,
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
