/** Mistakes with lines, messages and processes: sections 1 to 3. */
import { spawn, spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { Refusal } from './cloud.ts';
import { alter, type Fault, replace, rewrite } from './fault.ts';

export const lineFaults: Record<string, Fault> = {
  'trips over CR': {
    clause: '1.1',
    says: /did not answer echo/,
    isSilence: true,
    plant(plugin) {
      const readLine = plugin.readLine.bind(plugin);
      plugin.readLine = (line) => (line.endsWith('\r') ? undefined : readLine(line));
    },
  },
  'takes each piece of input for a message': {
    clause: '1.1',
    says: /did not answer echo/,
    isSilence: true,
    plant(plugin) {
      plugin.read = (chunk) => plugin.readLine(chunk.toString());
    },
  },
  'reads the first line of each piece alone': {
    clause: '1.1',
    says: /did not answer echo/,
    isSilence: true,
    plant(plugin) {
      const read = plugin.read.bind(plugin);
      plugin.read = (chunk) => {
        const stop = chunk.indexOf(10);
        read(stop < 0 ? chunk : chunk.subarray(0, stop + 1));
      };
    },
  },
  'writes Latin-1': {
    clause: '1.1',
    says: /not UTF-8/,
    plant(plugin) {
      plugin.write = (text) => void writeSync(1, Buffer.from(text, 'latin1'));
    },
  },
  'leaves out jsonrpc in answers': {
    clause: '1.2',
    says: /lacks "jsonrpc"/,
    plant(plugin) {
      plugin.calls.set('compute.list', ({ id }) => {
        plugin.write(`${JSON.stringify({ id, result: { items: [] } })}\n`);
        return new Promise(() => {});
      });
    },
  },
  'leaves out jsonrpc in events': {
    clause: '1.2',
    says: /A \$\/event lacks "jsonrpc"/,
    isSilence: true,
    plant: (plugin) =>
      rewrite(plugin, (text) => (text.includes('$/event') ? text.replace('"jsonrpc":"2.0",', '') : text)),
  },
  'writes batches': {
    clause: '1.2',
    says: /writes a batch/,
    isSilence: true,
    plant: (plugin) => rewrite(plugin, (text) => (text.includes('$/event') ? `[${text.trim()}]\n` : text)),
  },
  'answers neither a result nor an error': {
    clause: '1.2',
    says: /neither a result nor an error/,
    plant(plugin) {
      const answer = plugin.answer.bind(plugin);
      plugin.answer = (id, body) => answer(id, plugin.running.get(id)?.method === 'compute.list' ? {} : body);
    },
  },
  'loses what a full pipe does not take': {
    clause: '1.3',
    says: /did not answer echo/,
    isSilence: true,
    plant: (plugin) => rewrite(plugin, (text) => (text.length > 65_536 ? `${text.slice(0, 65_536)}\n` : text)),
  },
  'expects the members in its own order': {
    clause: '1.4',
    says: /did not answer echo/,
    isSilence: true,
    plant(plugin) {
      const readLine = plugin.readLine.bind(plugin);
      plugin.readLine = (line) => (line.startsWith('{"jsonrpc":"2.0","id":') ? readLine(line) : undefined);
    },
  },
  'reads no deep values': {
    clause: '1.4',
    says: /did not answer echo/,
    isSilence: true,
    plant(plugin) {
      const readLine = plugin.readLine.bind(plugin);
      plugin.readLine = (line) => (line.includes('[[[[[[[[[[[[[[[[[[[[') ? undefined : readLine(line));
    },
  },
  'answers ids as strings': {
    clause: '1.5',
    says: /id as a string/,
    plant: (plugin) => rewrite(plugin, (text) => text.replace(/"id":([0-9]+),"result":\{\}/, '"id":"$1","result":{}')),
  },
  'keeps ids as floats': {
    clause: '1.5',
    says: /did not answer echo/,
    isSilence: true,
    plant(plugin) {
      replace(plugin, 'echo', (before) => (asked) => {
        asked.id = Math.fround(asked.id);
        return before(asked);
      });
    },
  },
  'has a buffer of 64 KiB for a line': {
    clause: '1.6',
    says: /did not answer echo/,
    isSilence: true,
    plant(plugin) {
      const readLine = plugin.readLine.bind(plugin);
      plugin.readLine = (line) => (line.length > 65_536 ? undefined : readLine(line));
    },
  },
  'writes lines that are longer than it says': {
    clause: '1.6',
    says: /a line of more than 2048 bytes/,
    plant(plugin) {
      plugin.description.limits = { lineFromPlugin: 2048 };
      alter(plugin, 'compute.list', (result) => ({ ...result, next: undefined, padding: 'x'.repeat(4096) }));
    },
  },
  'reads numbers as floats of 32 bits': {
    clause: '1.7',
    says: /something else comes back/,
    plant(plugin) {
      replace(
        plugin,
        'echo',
        () =>
          ({ params }) =>
            Array.isArray(params.numbers) ? { numbers: params.numbers.map((number) => Math.fround(number)) } : params,
      );
    },
  },
  'sends counters as numbers that lose digits': {
    clause: '1.7',
    says: /9007199254740993, which is beyond 2\^53/,
    plant: (plugin) => rewrite(plugin, (text) => text.replace('"memoryMiB":64', '"memoryMiB":9007199254740993')),
  },
  'sends counters in parts as numbers that lose digits': {
    clause: '1.7',
    says: /9007199254740993, which is beyond 2\^53/,
    plant(plugin) {
      const wide = '9007199254740993';
      alter(plugin, 'blob.read', ({ data, end }) => {
        const text = Buffer.from(String(data), 'base64').toString();
        return { data: Buffer.from(text.replace('"end":"0"', `"end":${wide}`)).toString('base64'), end };
      });
      alter(plugin, 'compute.consoleOutput', ({ blob, ...result }) => {
        if (blob === undefined) return result;
        const { id, bytes } = blob as { id: string; bytes: number };
        return { blob: { id, bytes: bytes + wide.length - '"0"'.length } };
      });
    },
  },

  prints: {
    clause: '2.1',
    says: /a line that is no message: listing/,
    isWarning: true,
    plant: (plugin) => rewrite(plugin, (text) => (text.includes('"items"') ? `listing\n${text}` : text)),
  },
  'prints without a line break': {
    clause: '2.2',
    says: /glued to a message: listing/,
    isWarning: true,
    plant: (plugin) => rewrite(plugin, (text) => (text.includes('"items"') ? `listing ${text}` : text)),
  },
  'answers twice': {
    clause: '2.3',
    says: /answered compute\.list twice/,
    plant: (plugin) => rewrite(plugin, (text) => (text.includes('"items"') ? text + text : text)),
  },
  'sends notifications of its own': {
    clause: '2.3',
    says: /the notification changed/,
    isSilence: true,
    plant: (plugin) => rewrite(plugin, (text) => text.replace('"$/event"', '"changed"')),
  },
  'answers noise': {
    clause: '2.4',
    says: /answers a line that is no request/,
    plant(plugin) {
      const readLine = plugin.readLine.bind(plugin);
      plugin.readLine = (line) => {
        if (line.startsWith('{"jsonrpc"')) readLine(line);
        else plugin.say({ id: null, error: { code: -32700, message: 'This is no message.' } });
      };
    },
  },
  'stops at noise': {
    clause: '2.4',
    says: /answers nothing any more/,
    isSilence: true,
    plant(plugin) {
      const readLine = plugin.readLine.bind(plugin);
      plugin.readLine = (line) => {
        if (!line.startsWith('{')) plugin.readLine = () => {};
        readLine(line);
      };
    },
  },
  'ends at noise': {
    clause: '2.4',
    says: /ended with code 1 at a line that is no message/,
    isWarning: true,
    plant(plugin) {
      const readLine = plugin.readLine.bind(plugin);
      plugin.readLine = (line) => readLine(JSON.stringify(JSON.parse(line)));
    },
  },
  'prints the names of machines': {
    clause: '2.4',
    says: /came out of it as a message/,
    plant: (plugin) =>
      replace(plugin, 'compute.get', (before) => (asked) => {
        plugin.write(`${asked.params.vm}\n`);
        return before(asked);
      }),
  },
  'writes long lines on standard error': {
    clause: '2.5',
    says: /longer than 8 KiB/,
    isWarning: true,
    plant: (plugin) =>
      replace(plugin, 'compute.list', (before) => (asked) => {
        console.error('x'.repeat(10_000));
        return before(asked);
      }),
  },

  'answers 500 to methods that it lacks': {
    clause: '3.3',
    says: /annelid\.check, which is nowhere, with 500/,
    plant(plugin) {
      const serve = plugin.serve.bind(plugin);
      plugin.serve = (asked) => {
        if (plugin.calls.has(asked.method)) return serve(asked);
        plugin.fail(asked, new Refusal(500, 'internal', 'No.'));
      };
    },
  },
  'looks for methods in an object': {
    clause: '3.3',
    says: /constructor, which is nowhere, with a result/,
    plant(plugin) {
      const serve = plugin.serve.bind(plugin);
      plugin.serve = (asked) => (asked.method in {} ? plugin.answer(asked.id, { result: {} }) : serve(asked));
    },
  },
  'goes on when its input has ended': {
    clause: '3.4',
    says: /goes on when its standard input has ended and nothing/,
    isSilence: true,
    plant(plugin) {
      setInterval(() => {}, 1000);
      plugin.end = () => {};
    },
  },
  'ends only once it was configured': {
    clause: '3.4',
    says: /has ended behind describe/,
    isSilence: true,
    plant(plugin) {
      setInterval(() => {}, 1000);
      const end = plugin.end.bind(plugin);
      plugin.end = () => (plugin.instances.size > 0 ? end() : undefined);
    },
  },
  'does not hear SIGTERM': {
    clause: '3.4',
    says: /does not end at SIGTERM/,
    isSilence: true,
    isWarning: true,
    plant: () => void process.on('SIGTERM', () => {}),
  },
  'leaves a child behind': {
    clause: '3.5',
    says: /leaves processes behind.*sleep 60/,
    isWarning: true,
    plant: (plugin) =>
      replace(plugin, 'compute.start', (before) => (asked) => {
        spawn('sleep', ['60'], { stdio: 'ignore' }).unref();
        return before(asked);
      }),
  },
  'lets a child have its input': {
    clause: '3.5',
    says: /A child has its standard input: sleep 60/,
    plant: (plugin) =>
      replace(plugin, 'compute.start', (before) => (asked) => {
        spawn('sleep', ['60'], { stdio: ['inherit', 'ignore', 'ignore'] }).unref();
        return before(asked);
      }),
  },
  'lets a program that it waits for have its input': {
    clause: '3.5',
    says: /While it works, a child has its standard input: sleep 0\.5/,
    isWarning: true,
    plant: (plugin) =>
      replace(plugin, 'compute.start', (before) => (asked) => {
        spawnSync('sleep', ['0.5'], { stdio: ['inherit', 'ignore', 'ignore'] });
        return before(asked);
      }),
  },
  'is somebody else after a crash': {
    clause: '3.6',
    says: /says something else of itself/,
    plant(plugin) {
      plugin.description.version = String(process.pid);
    },
  },
  'lets a child escape': {
    clause: '3.7',
    says: /go on when it has ended, and the host does not find them: sleep 60 \(pid [0-9, ]+\)\. This check has ended them\./,
    isWarning: true,
    plant: () =>
      void spawn('setsid', ['env', '-i', 'sleep', '60'], { stdio: ['ignore', 'inherit', 'inherit'] }).unref(),
  },
  'hides a child': {
    clause: '3.7',
    says: /neither in its process group nor marked: perl/,
    plant: (plugin) =>
      replace(plugin, 'compute.start', (before) => (asked) => {
        const { ANNELID_PLUGIN_ID: _, ...env } = process.env;
        const program = '$| = 1; setpgrp; print "begun\\n"; sleep 60';
        const child = spawn('perl', ['-e', program], { env, stdio: ['ignore', 'pipe', 'ignore'] });
        return new Promise((resolve) => child.stdout.once('data', () => resolve(before(asked))));
      }),
  },
};
