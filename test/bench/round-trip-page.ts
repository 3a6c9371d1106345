/** docs/round-trips.md: what a call to a plugin costs in each language. */
import { availableParallelism, cpus } from 'node:os';
import { isBusy } from './children.ts';

export interface RoundTrip {
  language: string;
  transport: 'stdio' | 'unix';
  /** Microseconds. */
  p50: number;
  p99: number;
}

const transports = { stdio: 'standard streams', unix: 'unix socket' } as const;

/** `echo` is how long a line takes to `cat` and back. */
export const roundTripPage = (rows: readonly RoundTrip[], echo: { p50: number; p99: number }): string => {
  const { model } = cpus()[0] ?? { model: 'an unknown processor' };
  const cells = rows.map(
    ({ language, transport, p50, p99 }) =>
      `| ${language} | ${transports[transport]} | ${p50.toFixed(0)} µs | ${p99.toFixed(0)} µs |`,
  );
  return `<!-- Made by UPDATE_DOCS=1 npm run bench -- --only round-trip; run that, do not change this. -->

# Round trips

What the way to a plugin and back adds to a call, one call at a time, in the kit of each language: from the call of the daemon's host until its
checked answer, to a plugin that does nothing. The budget of the design is 150 µs at the median.
The last row is what two processes take to answer each other at all; on an idle virtual machine, most of that is the waking of a processor.

| plugin in | over | median | 99 of 100 |
| --- | --- | --- | --- |
${cells.join('\n')}
| nothing: \`cat\`, which sends back what it gets | standard streams | ${echo.p50.toFixed(0)} µs | ${echo.p99.toFixed(0)} µs |

Measured on ${availableParallelism()} processors (${model}) with Node.js ${process.version}; other machines have other figures, and \`npm run bench -- --only round-trip\` tells those of
yours.${isBusy ? ' Others used the machine at the same time, which shows in what is rare.' : ''} Tcl's core reads no unix sockets, and has no JSON: its kit reads and writes that in Tcl itself.
`;
};
