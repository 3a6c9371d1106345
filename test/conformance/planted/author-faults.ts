/** Mistakes that authors make although each call, tried by hand, answers what it should. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Json, Refusal, type Vm } from './cloud.ts';
import { alter, type Fault, replace, rewrite } from './fault.ts';

/** Whether the process that wrote its id into a file is another one, and there. */
const isHeld = (file: string): boolean => {
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : process.pid;
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

export const authorFaults: Readonly<Record<string, Fault>> = {
  'decodes each piece of input by itself': {
    clause: '1.1',
    says: /In a long text of three bytes a character some come back as others/,
    plant(plugin) {
      const read = plugin.read.bind(plugin);
      plugin.read = (chunk) => read(Buffer.from(chunk.toString()));
    },
  },
  'ends lines where text does': {
    clause: '1.1',
    says: /Of a text with U\+2028, U\+2029 and U\+0085 in it: It ended with code 1 before it answered echo/,
    plant(plugin) {
      const read = plugin.readLine.bind(plugin);
      plugin.readLine = (line) => {
        if (/[\u2028\u2029\u0085]/.test(line)) process.exit(1);
        read(line);
      };
    },
  },
  'writes NaN': {
    clause: '1.7',
    says: /It writes NaN, which JSON does not have/,
    plant: (plugin) => rewrite(plugin, (text) => text.replace(/"memoryMiB":[0-9]+/, '"memoryMiB": NaN')),
  },
  'has a lock that one process alone can hold': {
    clause: '3.12',
    says: /While one process of it is configured, configure of a second one fails with 503: It is locked/,
    plant(plugin) {
      delete plugin.description.processes;
      replace(plugin, 'configure', (before) => (asked) => {
        const result = before(asked);
        const lock = `${(asked.params.config as Json).file}.lock`;
        if (isHeld(lock)) throw new Refusal(503, 'unavailable', 'It is locked.');
        writeFileSync(lock, String(process.pid));
        return result;
      });
    },
  },
  'reads what it keeps once, and does not say that it is alone': {
    clause: '3.12',
    says: /Of a machine that one process has made another, configured before, says 404/,
    plant(plugin) {
      delete plugin.description.processes;
    },
  },
  'logs the header that it authenticates with': {
    clause: '6.6',
    says: /A secret of its configuration stands on its standard error/,
    plant: (plugin) =>
      alter(plugin, 'configure', (result, { params }) => {
        const { password } = params.config as Json;
        process.stderr.write(`Authorization: Basic ${Buffer.from(`admin:${password}`).toString('base64')}\n`);
        return result;
      }),
  },
  'makes machines of one size': {
    clause: '7.3',
    says: /answers a machine with 512 as memoryMiB, where 64 was asked for/,
    isWarning: true,
    plant: (plugin) => alter(plugin, 'compute.create', (result) => ({ ...result, memoryMiB: 512 })),
  },
  'answers names in place of ids': {
    clause: '7.3',
    says: /compute\.get answers a machine with another id than it was asked for/,
    plant: (plugin) => alter(plugin, 'compute.get', (result) => ({ ...result, id: String(result.name) })),
  },
  'answers more of a console than was asked for': {
    clause: '7.3',
    says: /answers 9 bytes where at most 1 were asked for/,
    plant: (plugin) =>
      alter(plugin, 'compute.consoleOutput', (result) =>
        'need' in result ? result : { data: Buffer.from('Debian 12').toString('base64'), start: '0', end: '9' },
      ),
  },
  'counts the console from each piece': {
    clause: '7.3',
    says: /answers 1 bytes as those from 0 to 9/,
    plant: (plugin) =>
      alter(plugin, 'compute.consoleOutput', (result) =>
        'need' in result ? result : { data: Buffer.from('2').toString('base64'), start: '0', end: '9' },
      ),
  },
  'reports progress as a fraction': {
    clause: '7.4',
    says: /goes up to 0\.75 percent, and no further/,
    isWarning: true,
    plant(plugin) {
      const progress = plugin.progress.bind(plugin);
      plugin.progress = (asked, percent) => progress(asked, percent / 100);
    },
  },
  'says done while the backend is still at it': {
    clause: '9.3',
    says: /Killed while compute\.create was under way: compute\.start fails with 409: The machine is being made/,
    plant(plugin) {
      replace(plugin, 'compute.create', (before) => async (asked) => {
        const vm = before(asked) as Vm;
        const instance = plugin.instanceOf(asked.ctx);
        vm.isBusy = true;
        plugin.keep(instance);
        await plugin.pass(asked);
        vm.isBusy = false;
        plugin.keep(instance);
        return vm;
      });
      replace(plugin, 'compute.start', (before) => (asked) => {
        if (plugin.vmOf(asked).isBusy) throw new Refusal(409, 'conflict', 'The machine is being made.');
        return before(asked);
      });
    },
  },
  'takes names for keys': {
    clause: '9.3',
    says: /with another key and the same name answers the machine that is there/,
    plant: (plugin) =>
      replace(plugin, 'compute.create', (before) => (asked) => {
        const { vms } = plugin.instanceOf(asked.ctx).kept;
        return Object.values(vms).find(({ name }) => name === asked.params.name) ?? before(asked);
      }),
  },
  'reports a part of the machine': {
    clause: '10.1',
    says: /has the machine without name, vcpus, memoryMiB, which compute\.create answered/,
    plant(plugin) {
      const notify = plugin.notify.bind(plugin);
      plugin.notify = (method, params) => {
        const { id, state } = (params.vm ?? {}) as Partial<Vm>;
        notify(method, id === undefined ? params : { ...params, vm: { id, state } });
      };
    },
  },
  'compares cursors as texts': {
    clause: '14.2',
    says: /Asked for one by one, events\.pull answers other events/,
    plant: (plugin) =>
      replace(plugin, 'events.pull', (before) => (asked) => {
        const { since, max } = asked.params as { since?: string; max: number };
        if (since === undefined || !/^c[0-9]+$/.test(since)) return before(asked);
        const { events } = plugin.instanceOf(asked.ctx).kept;
        const page = events.filter(({ cursor }) => String(cursor) > since).slice(0, max);
        return { events: page, next: page.at(-1)?.cursor ?? since };
      }),
  },
  'counts tasks from the start of the process': {
    clause: '15.3',
    says: /is answered with the id of a task that there was before/,
    plant(plugin) {
      let count = 0;
      plugin.begin = (asked) => {
        const { kept } = plugin.instanceOf(asked.ctx);
        const id = `t${++count}`;
        kept.tasks[id] = { state: 'done', result: plugin.become(asked, 'running') };
        plugin.keep(plugin.instanceOf(asked.ctx));
        return { task: { id, pollMs: 10 } };
      };
    },
  },
};
