/** docs/round-trips.md: what a call to a plugin costs in each language. */
import { availableParallelism, cpus } from 'node:os';
import { isBusy } from './children.ts';

export interface RoundTrip {
  id: string;
  language: string;
  transport: 'stdio' | 'unix';
  /** Microseconds. */
  p50: number;
  p99: number;
}

const transports = { stdio: 'standard streams', unix: 'unix socket' } as const;

export interface RoundTrips {
  rows: readonly RoundTrip[];
  /** How long a line takes to `cat` and back. */
  echo: { p50: number; p99: number };
}

const figure = (micros: number | undefined) => (micros === undefined ? '' : `${micros.toFixed(0)} µs`);

/** `together` are those on one processor, where that can be had. */
export const roundTripPage = (anywhere: RoundTrips, together: RoundTrips | undefined): string => {
  const { model } = cpus()[0] ?? { model: 'an unknown processor' };
  const row = (plugin: string, transport: RoundTrip['transport'], { p50, p99 }: RoundTrips['echo'], one?: number) =>
    `| ${plugin} | ${transports[transport]} | ${figure(p50)} | ${figure(p99)} | ${figure(one)} |`;
  const rows = anywhere.rows.map((one) =>
    row(one.language, one.transport, one, together?.rows.find(({ id }) => id === one.id)?.p50),
  );
  rows.push(row('nothing: `cat`, which sends back what it gets', 'stdio', anywhere.echo, together?.echo.p50));
  return `<!-- Made by UPDATE_DOCS=1 npm run bench -- --only round-trip; run that, do not change this. -->

# Round trips

What the way to a plugin and back adds to a call, one call at a time, in the kit of each language: from the call of the daemon's host until its
checked answer, to a plugin that does nothing. The budget of the design is 150 µs at the median.
The last row is what two processes take to answer each other at all; it is short when the answer comes before a processor has gone to sleep.
To wake one takes long on a virtual machine, twice for each call; the last column is without that: the median with daemon and plugin on one
processor, which is what the two of them do.

| plugin in | over | median | 99 of 100 | median on one processor |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Measured on ${availableParallelism()} processors (${model}) with Node.js ${process.version}; other machines have other figures, and \`npm run bench -- --only round-trip\` tells those of
yours.${isBusy ? ' Others used the machine at the same time, which shows in what is rare.' : ''} Tcl's core reads no unix sockets, and has no JSON: its kit reads and writes that in Tcl itself.
`;
};
