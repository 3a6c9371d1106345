/** Mistakes in what it says of itself and how it is configured: sections 4 to 6. */

import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync, writeSync } from 'node:fs';
import { type Json, Refusal } from './cloud.ts';
import { alter, type Fault, replace } from './fault.ts';

export const settingFaults: Record<string, Fault> = {
  'does not describe itself': {
    clause: '4.1',
    says: /did not answer describe/,
    isSilence: true,
    plant: (plugin) => replace(plugin, 'describe', () => () => new Promise(() => {})),
  },
  'needs a configuration to describe itself': {
    clause: '4.1',
    says: /answers describe with an error/,
    plant: (plugin) =>
      replace(plugin, 'describe', (before) => (asked) => {
        if (plugin.instances.size === 0) throw new Refusal(500, 'internal', 'Not configured.');
        return before(asked);
      }),
  },
  'describes itself otherwise each time': {
    clause: '4.1',
    says: /otherwise when it is asked again/,
    plant: (plugin) => alter(plugin, 'describe', (result) => ({ ...result, version: String(Math.random()) })),
  },
  'has no version': {
    clause: '4.2',
    says: /\/version is missing/,
    plant: (plugin) => delete plugin.description.version,
  },
  'misspells a method': {
    clause: '4.2',
    says: /names the method compute\.strat, which is not known/,
    isWarning: true,
    plant: (plugin) => (plugin.description.methods as string[]).push('compute.strat'),
  },
  'misspells a feature': {
    clause: '4.2',
    says: /names the feature event, which is not known/,
    isWarning: true,
    plant: (plugin) => (plugin.description.features as string[]).push('event'),
  },
  'lists base calls': {
    clause: '4.3',
    says: /methods name find, drain/,
    plant: (plugin) => (plugin.description.methods as string[]).push('find', 'drain'),
  },
  'lists what it does not have': {
    clause: '4.3',
    says: /names compute\.pause.* and answers -32601/,
    plant: (plugin) => (plugin.description.methods as string[]).push('compute.pause'),
  },
  'does not name the instance of events': {
    clause: '4.4',
    says: /does not name its instance/,
    plant(plugin) {
      const notify = plugin.notify.bind(plugin);
      plugin.notify = (method, { instance: _, ...params }) => notify(method, params);
    },
  },
  'takes all instances for the first': {
    clause: '4.4',
    says: /check-2 is reported as one of the instance check/,
    isSilence: true,
    plant(plugin) {
      const notify = plugin.notify.bind(plugin);
      plugin.notify = (method, params) =>
        notify(method, method === '$/event' ? { ...params, instance: [...plugin.instances.keys()][0] } : params);
    },
  },
  'refuses a second instance': {
    clause: '4.4',
    says: /refuses a second instance/,
    plant: (plugin) =>
      replace(plugin, 'configure', (before) => (asked) => {
        if (plugin.instances.size > 0 && !plugin.instances.has(String(asked.ctx.instance))) {
          throw new Refusal(409, 'conflict', 'There is an instance already.');
        }
        return before(asked);
      }),
  },

  'logs whatever the level is': {
    clause: '5.1',
    says: /a line of the level info where ctx\.logLevel is error/,
    isWarning: true,
    plant(plugin) {
      plugin.log = ({ ctx }, message) => plugin.notify('$/log', { level: 'info', message, instance: ctx.instance });
    },
  },
  'needs the deadline': {
    clause: '5.2',
    says: /v, instance and logLevel alone, compute\.list fails/,
    plant: (plugin) =>
      replace(plugin, 'compute.list', (before) => (asked) => {
        if (asked.ctx.timeoutMs === undefined) throw new Refusal(400, 'invalid-params', 'timeoutMs is missing.');
        return before(asked);
      }),
  },
  'refuses what it does not know in the context': {
    clause: '5.2',
    says: /members of a later version, compute\.list fails/,
    plant: (plugin) =>
      replace(plugin, 'compute.list', (before) => (asked) => {
        if ('traceparent' in asked.ctx) throw new Refusal(400, 'invalid-params', 'traceparent is not known.');
        return before(asked);
      }),
  },

  'ends at a wrong configuration': {
    clause: '6.1',
    says: /Of a configuration in which file .*: It ended with code 1/,
    plant(plugin) {
      const fail = plugin.fail.bind(plugin);
      plugin.fail = (asked, error) => {
        if (asked.method === 'configure') process.exit(1);
        fail(asked, error);
      };
    },
  },
  'can be configured once': {
    clause: '6.1',
    says: /refuses the same configuration when that comes again/,
    plant: (plugin) =>
      replace(plugin, 'configure', (before) => (asked) => {
        if (plugin.instances.has(String(asked.ctx.instance))) throw new Refusal(409, 'conflict', 'Configured already.');
        return before(asked);
      }),
  },
  'does not say what is wrong': {
    clause: '6.1',
    says: /its refusal does not name password/,
    isWarning: true,
    plant: (plugin) =>
      replace(plugin, 'configure', (before) => (asked) => {
        try {
          return before(asked);
        } catch {
          throw new Refusal(400, 'invalid-params', 'Wrong configuration.');
        }
      }),
  },
  'refuses a right configuration': {
    clause: '6.1',
    says: /refuses the configuration that it was given, with 401: No\. The last line .* error: Nobody knows password/,
    plant: (plugin) =>
      replace(plugin, 'configure', () => () => {
        writeSync(2, 'Nobody knows password.\n');
        throw new Refusal(401, 'unauthenticated', 'No.');
      }),
  },
  'answers methods that are no list': {
    clause: '6.2',
    says: /\/methods must be a list/,
    plant: (plugin) => alter(plugin, 'configure', () => ({ methods: 'all' })),
  },
  'answers probe with a word': {
    clause: '6.3',
    says: /What probe answers is wrong/,
    plant: (plugin) => replace(plugin, 'probe', () => () => 'ok'),
  },
  'cannot reach its backend': {
    clause: '6.3',
    says: /Its probe fails with 503: Nobody there/,
    plant: (plugin) =>
      replace(plugin, 'probe', () => () => {
        throw new Refusal(503, 'unavailable', 'Nobody there.');
      }),
  },
  'fails at drain': {
    clause: '6.4',
    says: /answers drain with 500/,
    plant: (plugin) =>
      replace(plugin, 'drain', () => () => {
        throw new Refusal(500, 'internal', 'No.');
      }),
  },
  'wraps what it echoes': {
    clause: '6.5',
    says: /something else than its parameters/,
    plant: (plugin) =>
      replace(plugin, 'echo', () => ({ params }) => ({ params })),
  },
  'logs its configuration': {
    clause: '6.6',
    says: /stands on its standard error/,
    plant: (plugin) =>
      replace(plugin, 'configure', (before) => (asked) => {
        console.error(`Configured: ${JSON.stringify(asked.params)}`);
        return before(asked);
      }),
  },
  'shows a secret in a refusal': {
    clause: '6.6',
    says: /stands on its standard output/,
    plant: (plugin) =>
      replace(plugin, 'configure', (before) => (asked) => {
        const { annelidCheckPassword: other } = asked.params.config as Json;
        if (typeof other === 'object') throw new Refusal(400, 'invalid-params', `Wrong: ${JSON.stringify(other)}`);
        return before(asked);
      }),
  },
  'keeps its configuration in a file': {
    clause: '6.6',
    says: /in a file that it has written: \{scratch\}/,
    plant: (plugin) =>
      alter(plugin, 'configure', (result, { params }) => {
        const { file } = params.config as { file: string };
        writeFileSync(`${file}.config`, JSON.stringify(params.config));
        return result;
      }),
  },
  'hands a secret to a program as an argument': {
    clause: '6.6',
    says: /is an argument of sh/,
    plant: (plugin) =>
      alter(plugin, 'configure', (result, { params }) => {
        const { password } = params.config as { password: string };
        spawn('sh', ['-c', 'sleep 60; true', password], { stdio: 'ignore' });
        return result;
      }),
  },
  'hands a secret to a program that it waits for as an argument': {
    clause: '6.6',
    says: /is an argument of sh/,
    plant: (plugin) =>
      alter(plugin, 'configure', (result, { params }) => {
        const { password } = params.config as { password: string };
        spawnSync('sh', ['-c', 'sleep 0.1; true', password], { stdio: 'ignore' });
        return result;
      }),
  },
  'hands a secret to a program in its environment': {
    clause: '6.6',
    says: /is in the environment of sleep/,
    plant: (plugin) =>
      alter(plugin, 'configure', (result, { params }) => {
        const { password } = params.config as { password: string };
        spawn('sleep', ['60'], { stdio: 'ignore', env: { ...process.env, PASSWORD: password } });
        return result;
      }),
  },
  'takes its first configuration alone': {
    clause: '6.1',
    says: /Configured again, with another folder as \{scratch\}, it goes on with the one before/,
    plant(plugin) {
      replace(
        plugin,
        'configure',
        (before) => (asked) => (plugin.instances.has(String(asked.ctx.instance)) ? {} : before(asked)),
      );
    },
  },
};
