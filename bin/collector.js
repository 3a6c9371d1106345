/** How Node collects the garbage of the daemon. Plain JavaScript that Node 20 understands, without dependencies. */

/**
 * Of the young a little at a time, on the thread of the daemon; of the old not before there is some, and beside the daemon:
 * to mark fifty thousand machines on its own thread stopped it for 250 ms. There are as many helpers as other processors,
 * and one at least: where there are few, four of them leave the daemon a fifth of one. With one processor small calls take
 * 7 ms at p99 so while a plugin lists 20,000 machines, and 13 without the first three; 5 ms while 50 MB are read, and 13
 * without the last. They count from the very start of Node alone.
 */
const collector = [
  '--no-parallel-scavenge',
  '--max-semi-space-size=4',
  '--initial-old-space-size=64',
  '--v8-pool-size=0',
];

/** The command is the first word that is neither an option nor, perhaps, the value of one. */
const isDaemon = (words) =>
  words.find((word, at) => !word.startsWith('-') && !/^-[^=]*$/.test(words[at - 1] ?? '')) === 'serve';

const nameOf = (option) => option.split('=')[0].replaceAll('_', '-');

/** What the caller has said to Node: names of options. */
const said = () => [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(' ')].map(nameOf);

/** The options that Node should have for these words of the command line, and has not been given. */
export const collectorFor = (words) => {
  const named = said();
  return isDaemon(words) ? collector.filter((option) => !named.includes(nameOf(option))) : [];
};

/**
 * Whether the process can replace itself and nobody loses it: a debugger, a parent that has a channel to it (`node --watch`
 * is one), and who passed it a file that is open would.
 */
export const canReplaceItself = (words) =>
  process.platform !== 'win32' &&
  process.execve !== undefined &&
  process.permission?.has('child') !== false &&
  process.channel === undefined &&
  !said().some((name) => name.startsWith('--inspect')) &&
  !words.some((word) => /\/(dev|proc\/self)\/fd\//.test(word));
