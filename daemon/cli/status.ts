/** `annelid status`: how a daemon and its connectors are, at a glance and for scripts. */
import { Command } from 'commander';
import { visible } from '../../plugin-protocol/text/visible.ts';
import type { Connector } from '../catalogue/resources.ts';
import { type Connection, type ConnectionOptions, connectionFor } from './connection.ts';
import { Failed } from './failed.ts';
import { coloured } from './output.ts';
import { renderResult } from './render.ts';

interface Version {
  name: string;
  version: string;
}
interface Health {
  status: string;
  uptimeSeconds: string;
  message: string;
}

const units: [name: string, seconds: number][] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/** `3 d 4 h`: the two largest units. */
export const durationText = (seconds: number): string => {
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return '0 s';
  let left = seconds;
  const words = units.slice(first, first + 2).map(([name, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return `${count} ${name}`;
  });
  return words.filter((word) => !word.startsWith('0 ')).join(' ');
};

const connectorsOf = async (connection: Connection): Promise<Connector[]> => {
  const all: Connector[] = [];
  for (let after: string | undefined; ; ) {
    const page = (await connection.call('connector.list', { limit: 1000, ...(after && { after }) })) as {
      items: Connector[];
      next?: string;
    };
    all.push(...page.items);
    if (page.next === undefined) return all;
    after = page.next;
  }
};

export const statusCommand = (where: () => ConnectionOptions): Command =>
  new Command('status')
    .description('Show how the daemon and its connectors are. Ends with 0 when all is well, else with 1.')
    .option('--json', 'Print it as JSON.')
    .action(async ({ json }: { json?: boolean }) => {
      const connection = connectionFor(where());
      const [version, health] = (await Promise.all(
        ['system.version', 'system.health'].map((method) => connection.call(method, {})),
      )) as [Version, Health];
      const connectors = await connectorsOf(connection);
      if (json) process.stdout.write(`${JSON.stringify({ ...version, ...health, connectors }, undefined, 2)}\n`);
      else {
        const { status, uptimeSeconds, message } = health;
        const up = durationText(Number(uptimeSeconds));
        const words = message === '' ? '' : `: ${visible(message)}`;
        const table = renderResult(
          { name: 'connector.list' },
          { items: connectors },
          { colour: coloured(process.stdout) },
        );
        process.stdout.write(
          `${version.name} ${visible(version.version)} is ${status}, up for ${up}${words}\n\n${table}`,
        );
      }
      if (health.status !== 'ok') throw new Failed();
    });
