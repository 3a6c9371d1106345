/** The options of a program that is run by hand. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** What was given; prints the usage and ends for `--help`, and with 2 and what is wrong for options that there are not. */
export const readOptions = <const O extends ParseArgsOptionsConfig>(usage: string, options: O) => {
  const help = { help: { type: 'boolean', default: false } } as const;
  const read = () => {
    try {
      return parseArgs({ options: { ...options, ...help } }).values;
    } catch (error) {
      return misused(usage, (error as Error).message);
    }
  };
  const values = read();
  if ((values as { help?: boolean }).help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return values;
};

/** Ends with 2 and what is wrong. */
export const misused = (usage: string, message: string): never => {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
};
