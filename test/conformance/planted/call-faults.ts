import { Refusal, type Vm } from './cloud.ts';
import { alter, type Fault, replace } from './fault.ts';

export const callFaults: Record<string, Fault> = {
  'takes fewer calls than it says': {
    clause: '7.1',
    says: /takes 8 calls at once, and refuses one of them with 429/,
    plant: (plugin) =>
      replace(plugin, 'compute.list', (before) => async (asked) => {
        const { size } = plugin.running;
        await new Promise((resolve) => setImmediate(resolve));
        if (size > 2) throw new Refusal(429, 'throttled', 'Too many.');
        return before(asked);
      }),
  },
  'does one thing at a time': {
    clause: '7.1',
    says: /compute\.reboot holds up compute\.list/,
    plant(plugin) {
      plugin.pass = async () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    },
  },
  'has states of its own': {
    clause: '7.3',
    says: /What compute\.start answers is wrong: \/state must be one of/,
    plant: (plugin) => alter(plugin, 'compute.start', (result) => ({ ...result, state: 'on' })),
  },
  'is done before the machine runs': {
    clause: '7.3',
    says: /compute\.start answers a machine that is starting/,
    plant: (plugin) => alter(plugin, 'compute.start', (result) => ({ ...result, state: 'starting' })),
  },
  'deletes nothing': {
    clause: '7.3',
    says: /compute\.get still answers the machine/,
    isSilence: true,
    plant: (plugin) => replace(plugin, 'compute.delete', () => () => ({})),
  },
  'does not list what it made': {
    clause: '7.3',
    says: /has the machine that was made 0 times/,
    isSilence: true,
    plant: (plugin) => replace(plugin, 'compute.list', () => () => ({ items: [] })),
  },
  'cannot make machines': {
    clause: '7.3',
    says: /compute\.create fails with 507: No room/,
    plant: (plugin) =>
      replace(plugin, 'compute.create', () => () => {
        throw new Refusal(507, 'quota', 'No room.');
      }),
  },
  'misspells a member': {
    clause: '7.3',
    says: /\/items\/\*\/memoryMib, which the contract does not have.*Did it mean memoryMiB/,
    isWarning: true,
    plant: (plugin) =>
      alter(plugin, 'compute.list', ({ items }) => ({ items: (items as Vm[]).map((vm) => ({ ...vm, memoryMib: 1 })) })),
  },
  'lists the same page for ever': {
    clause: '7.3',
    says: /compute\.list answers the next a twice: its pages have no end/,
    plant: (plugin) => alter(plugin, 'compute.list', (result) => ({ ...result, next: 'a' })),
  },
  'goes back in its progress': {
    clause: '7.4',
    says: /goes back from 75 to 50 percent/,
    plant(plugin) {
      const progress = plugin.progress.bind(plugin);
      plugin.progress = (asked, percent) => progress(asked, 100 - percent);
    },
  },
  'goes beyond 100 percent': {
    clause: '7.4',
    says: /percent must be a number from 0 to 100/,
    plant(plugin) {
      const progress = plugin.progress.bind(plugin);
      plugin.progress = (asked, percent) => progress(asked, percent * 2);
    },
  },
  'reports progress that it does not claim': {
    clause: '7.4',
    says: /describe does not name the feature progress/,
    plant(plugin) {
      plugin.description.features = ['cancel'];
    },
  },
  'reports progress of what has ended': {
    clause: '7.4',
    says: /of no call that is under way/,
    plant(plugin) {
      const answer = plugin.answer.bind(plugin);
      plugin.answer = (id, body) => {
        const asked = plugin.running.get(id);
        answer(id, body);
        if (asked?.method === 'compute.start') plugin.progress(asked, 100);
      };
    },
  },
  'leaves cancelled calls unanswered': {
    clause: '7.6',
    says: /did not answer compute\.reboot/,
    isSilence: true,
    plant(plugin) {
      const answer = plugin.answer.bind(plugin);
      plugin.answer = (id, body) => (plugin.running.get(id)?.cancelled ? undefined : answer(id, body));
    },
  },
  'ends at the cancellation of what it does not know': {
    clause: '7.6',
    says: /ended with code 1 before/,
    plant(plugin) {
      const hear = plugin.hear.bind(plugin);
      plugin.hear = (method, params) => {
        if (method === '$/cancel' && !plugin.running.has(Number(params.id))) process.exit(1);
        hear(method, params);
      };
    },
  },
  'answers a cancelled call with 500': {
    clause: '7.6',
    says: /it is answered with 500/,
    plant(plugin) {
      const answer = plugin.answer.bind(plugin);
      plugin.answer = (id, body) =>
        answer(id, plugin.running.get(id)?.cancelled ? { error: { code: 500, message: 'Interrupted.' } } : body);
    },
  },
};
