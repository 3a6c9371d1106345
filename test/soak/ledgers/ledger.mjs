// A cloud that notes each effect in a file, by the key of its call, before it answers. It never looks whether it has had a
// key already: a call that is sent twice has two effects. It prints for some machines, and ends itself before or after the
// effect of a key that says so.
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const methods = ['compute.list', 'compute.get', 'compute.reboot'];
let settings = {};

const crashAt = (moment, { key, attempt }) => {
  if (attempt === 1 && key.endsWith(`.${moment}`)) process.kill(process.pid, 'SIGKILL');
};

const noteOnce = (ctx) => {
  crashAt('before', ctx);
  appendFileSync(settings.file, `${ctx.key}\n`);
  crashAt('after', ctx);
};

const noted = (key) => {
  try {
    return readFileSync(settings.file, 'utf8').split('\n').includes(key);
  } catch {
    return false;
  }
};

const disturb = (vm) => {
  const kind = Number(vm.split('-')[1]) % 10;
  if (kind === 3) process.stdout.write('a print that somebody forgot\n');
  if (kind === 5) process.stderr.write('a warning\n');
  if (kind === 7) process.stdout.write('glued to the answer: { ');
};

const calls = {
  describe: () => ({ proto: [1], name: 'ledger', version: '1', methods, concurrency: 8 }),
  configure({ config }) {
    settings = config;
    return {};
  },
  'compute.list': () => ({
    items: Array.from({ length: settings.machines }, (_, n) => ({ id: `vm-${n}`, state: 'running' })),
  }),
  'compute.get'({ vm }) {
    disturb(vm);
    return { id: vm, state: 'running' };
  },
  'compute.reboot'({ vm, ctx }) {
    noteOnce(ctx);
    return { id: vm, state: 'running' };
  },
  find: ({ params: { vm }, ctx }) =>
    noted(ctx.key) ? { outcome: 'done', vm: { id: vm, state: 'running' } } : { outcome: 'none' },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const call = calls[method];
  const answer = call ? { result: call(params) } : { error: { code: -32601, message: 'no such method' } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});
