/** How Node collects the garbage of the daemon. Plain JavaScript that Node 20 understands, without dependencies. */

/**
 * On its own thread, since helpers take the processor from it when there are few; of the young a little at a time; and of
 * the old not before there is some. A collection then stops small calls for 1 to 5 ms while a long one is read, and
 * without these for 10 to 25. They count from the very start of Node alone.
 */
const collector = ['--single-threaded-gc', '--max-semi-space-size=4', '--initial-old-space-size=256'];

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
