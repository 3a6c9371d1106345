/** Mistakes with errors, and with what became of calls: sections 8 and 9. */
import type { Json } from './cloud.ts';
import { Refusal } from './cloud.ts';
import { alter, type Fault, replace, spoilErrors } from './fault.ts';

export const errorFaults: Record<string, Fault> = {
  'answers errors as text': {
    clause: '8.1',
    says: /and no object/,
    plant: (plugin) => spoilErrors(plugin, ({ message }) => message),
  },
  'says nothing in errors': {
    clause: '8.1',
    says: /has no message/,
    plant: (plugin) => spoilErrors(plugin, (error) => ({ ...error, message: '' })),
  },
  'has codes as text': {
    clause: '8.1',
    says: /"404" as its code/,
    plant: (plugin) => spoilErrors(plugin, (error) => (error.code === 404 ? { ...error, code: '404' } : error)),
  },
  'has codes of its own': {
    clause: '8.2',
    says: /has the code 418, which is not in the table/,
    plant: (plugin) => spoilErrors(plugin, ({ code, message }) => ({ code: code === 404 ? 418 : code, message })),
  },
  'has a code and a kind that differ': {
    clause: '8.2',
    says: /has the code 409 and the kind not-found/,
    plant: (plugin) => spoilErrors(plugin, (error) => (error.code === 404 ? { ...error, code: 409 } : error)),
  },
  'does not say that a machine is not there': {
    clause: '8.2',
    says: /not there fails with 502/,
    plant: (plugin) =>
      spoilErrors(plugin, (error) =>
        error.code === 404 ? { code: 502, message: 'It went wrong.', data: { kind: 'failed' } } : error,
      ),
  },
  'makes up outcomes': {
    clause: '8.3',
    says: /the outcome nothing; known are/,
    plant: (plugin) =>
      spoilErrors(plugin, (error) => ({ ...error, data: { ...(error.data as Json), outcome: 'nothing' } })),
  },
  'names a field without a slash': {
    clause: '8.3',
    says: /vm as field, which is no JSON Pointer/,
    plant: (plugin) => spoilErrors(plugin, (error) => ({ ...error, data: { ...(error.data as Json), field: 'vm' } })),
  },
  'says done of what failed': {
    clause: '8.4',
    says: /fails with the outcome done/,
    plant: (plugin) =>
      spoilErrors(plugin, (error) => ({ ...error, data: { ...(error.data as Json), outcome: 'done' } })),
  },
  'shows traces': {
    clause: '8.5',
    says: /has a stack trace/,
    plant: (plugin) => spoilErrors(plugin, (error) => ({ ...error, message: new Error(String(error.message)).stack })),
  },
  'ends at wrong parameters': {
    clause: '8.7',
    says: /After compute\.get in which vm is null: It ended with code 1/,
    plant: (plugin) =>
      replace(plugin, 'compute.get', (before) => (asked) => {
        if (typeof asked.params.vm !== 'string') process.exit(1);
        return before(asked);
      }),
  },
  'does not answer what is too long for it': {
    clause: '8.7',
    says: /a million characters: It did not answer compute\.get/,
    isSilence: true,
    plant: (plugin) =>
      replace(plugin, 'compute.get', (before) => (asked) => {
        if (String(asked.params.vm).length > 4096) return new Promise(() => {});
        return before(asked);
      }),
  },

  'declares keys and has no find': {
    clause: '9.1',
    says: /declares the idempotency key, and has no find/,
    plant: (plugin) => void plugin.calls.delete('find'),
  },
  'fails to find what was never there': {
    clause: '9.1',
    says: /find of a key that was never used fails with 404/,
    plant: (plugin) =>
      replace(plugin, 'find', (before) => (asked) => {
        if (!plugin.madeFor(asked)) throw new Refusal(404, 'not-found', 'There is no such key.');
        return before(asked);
      }),
  },
  'answers true to find': {
    clause: '9.2',
    says: /What find answers is wrong/,
    plant: (plugin) => replace(plugin, 'find', () => () => true),
  },
  'does not know what it never did': {
    clause: '9.2',
    says: /find says unknown of a call that was never made/,
    plant: (plugin) => alter(plugin, 'find', (found) => (found.outcome === 'none' ? { outcome: 'unknown' } : found)),
  },
  'makes a machine each time': {
    clause: '9.3',
    says: /makes another machine: there are 2/,
    plant(plugin) {
      plugin.madeFor = () => undefined;
    },
  },
  'finds without the machine': {
    clause: '9.3',
    says: /without the machine that was made/,
    plant: (plugin) => alter(plugin, 'find', ({ outcome }) => ({ outcome })),
  },
  'takes a start that comes again for a conflict': {
    clause: '9.3',
    says: /compute\.start, sent again with the same key, fails with 409/,
    plant: (plugin) =>
      replace(plugin, 'compute.start', (before) => (asked) => {
        if (plugin.vmOf(asked).state === 'running') throw new Refusal(409, 'conflict', 'It runs already.');
        return before(asked);
      }),
  },
  'cannot delete what is gone': {
    clause: '9.3',
    says: /compute\.delete, sent again with the same key, fails with 404/,
    plant: (plugin) =>
      replace(plugin, 'compute.delete', (before) => (asked) => {
        plugin.vmOf(asked);
        return before(asked);
      }),
  },
  'forgets keys in a crash': {
    clause: '9.3',
    says: /Killed while compute\.create was under way, find says none, and the machine is there/,
    plant(plugin) {
      const seen = new Set<unknown>();
      const madeFor = plugin.madeFor.bind(plugin);
      plugin.madeFor = (asked) => (seen.has(asked.ctx.key) ? madeFor(asked) : undefined);
      replace(plugin, 'compute.create', (before) => (asked) => {
        const made = before(asked);
        seen.add(asked.ctx.key);
        return made;
      });
    },
  },
  'remembers a key before anything is made': {
    clause: '9.3',
    says: /find says done, and the machine is not there/,
    plant(plugin) {
      replace(plugin, 'compute.create', (before) => async (asked) => {
        const instance = plugin.instanceOf(asked.ctx);
        const { id, name } = asked.params;
        instance.kept.taskOf[`key ${asked.ctx.key}`] ??= JSON.stringify({ id, name, state: 'stopped' });
        plugin.keep(instance);
        plugin.log(asked, 'The key is noted.');
        // So late that a kill at that line comes before the machine does.
        await new Promise((resolve) => setTimeout(resolve, 100));
        return before(asked);
      });
      replace(plugin, 'find', (before) => (asked) => {
        const noted = plugin.instanceOf(asked.ctx).kept.taskOf[`key ${asked.ctx.key}`];
        return noted === undefined ? before(asked) : { outcome: 'done', vm: JSON.parse(noted) };
      });
    },
  },
};
