/** A plugin with 20,000 machines, whose list is a text that is there already: what is measured is what the daemon does with it. */
import { createInterface } from 'node:readline';

const items = Array.from({ length: 20_000 }, (_, at) => ({
  ...{
    id: `vm-${at}`,
    name: `machine-${at}`,
    state: 'running',
    vcpus: 2,
    memoryMiB: 2048,
    labels: { owner: 'somebody' },
  },
  ...{ disks: [{ device: 'vda', sizeMiB: 20_480 }], nics: [{ mac: '52:54:00:12:34:56', addresses: ['192.0.2.1'] }] },
  created: '2026-01-31T12:00:00.000Z',
}));
const results: Record<string, string> = {
  describe: JSON.stringify({ proto: [1], name: 'long', version: '1', methods: ['compute.list'] }),
  'compute.list': JSON.stringify({ items }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line) as { id: number; method: string };
  process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":${results[method] ?? '{}'}}\n`);
}
