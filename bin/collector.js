/** How Node collects the garbage of the daemon. Plain JavaScript that Node 20 understands, without dependencies. */

/**
 * Of the young a little at a time, on the thread of the daemon, since helpers take the processor from it when there are few;
 * of the old not before there is some, and beside the daemon: to mark fifty thousand machines on its own thread stopped it
 * for 250 ms. On one processor small calls take 10 to 13 ms at p99 so while a call of 50 MB is read, and 13 to 19 without
 * these options; beside 15 MB of base64 they gain nothing. They count from the very start of Node alone.
 */
const collector = ['--no-parallel-scavenge', '--max-semi-space-size=4', '--initial-old-space-size=64'];

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
