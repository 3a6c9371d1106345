/** Mistakes that a language, or a library of it, invites to. */
import { Refusal } from './cloud.ts';
import { alter, type Fault, rewrite, spoilErrors } from './fault.ts';

/** What a console says that is longer than a line of base64 in a mail. */
const long = Buffer.from('x'.repeat(70));

/** `data` of a console, as this writes bytes. */
const writesBytes =
  (write: (bytes: Buffer) => string): Fault['plant'] =>
  (plugin) =>
    alter(plugin, 'compute.consoleOutput', (result) =>
      'need' in result ? result : { data: write(long), start: '0', end: String(long.length) },
    );

/** The message of each error goes through this. */
const words =
  (change: (message: string) => string): Fault['plant'] =>
  (plugin) =>
    spoilErrors(plugin, (error) => ({ ...error, message: change(String(error.message)) }));

export const languageFaults: Readonly<Record<string, Fault>> = {
  'writes messages over several lines': {
    clause: '1.1',
    says: /writes a message over several lines/,
    isSilence: true,
    plant(plugin) {
      plugin.say = (message) => plugin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message }, undefined, 2)}\n`);
    },
  },
  'writes headers before its messages': {
    clause: '1.1',
    says: /writes Content-Length before a message/,
    isSilence: true,
    plant: (plugin) =>
      rewrite(plugin, (text) => `Content-Length: ${Buffer.byteLength(text.trim())}\r\n\r\n${text.trim()}`),
  },
  'does not end its lines': {
    clause: '1.1',
    says: /writes a message and no line break behind it/,
    isSilence: true,
    plant: (plugin) => rewrite(plugin, (text) => text.trim()),
  },
  'writes from several threads at once': {
    clause: '1.1',
    says: /writes messages into one another/,
    isSilence: true,
    plant(plugin) {
      const write = plugin.write.bind(plugin);
      plugin.write = (text) => {
        const middle = text.length >> 1;
        write(text.slice(0, middle));
        setImmediate(() => write(text.slice(middle)));
      };
    },
  },
  'begins with a byte order mark': {
    clause: '2.2',
    says: /byte order mark/,
    isWarning: true,
    plant(plugin) {
      const write = plugin.write.bind(plugin);
      plugin.write = (text) => {
        plugin.write = write;
        write(`\uFEFF${text}`);
      };
    },
  },
  'answers notifications': {
    clause: '10.3',
    says: /answers a notification/,
    plant(plugin) {
      const hear = plugin.hear.bind(plugin);
      plugin.hear = (method, params) => {
        hear(method, params);
        plugin.say({ id: null, error: { code: -32601, message: 'There is no such method.' } });
      };
    },
  },
  'says one version in place of a list': {
    clause: '4.2',
    says: /\/proto must be a list/,
    plant(plugin) {
      plugin.description.proto = 1;
    },
  },
  'names methods without their interface': {
    clause: '4.2',
    says: /names the method list, which is not known/,
    isWarning: true,
    plant(plugin) {
      plugin.description.methods = ['list', 'get'];
    },
  },
  'logs a secret as it logs everything': {
    clause: '6.6',
    says: /stands on its standard output/,
    plant: (plugin) =>
      alter(plugin, 'configure', (result, { params }) => {
        plugin.notify('$/log', { level: 'debug', message: `Configured with ${JSON.stringify(params)}` });
        return result;
      }),
  },
  'writes numbers as text': {
    clause: '7.3',
    says: /\/memoryMiB must be an? (integer|whole number)/,
    plant: (plugin) => rewrite(plugin, (text) => text.replaceAll(/"memoryMiB":([0-9]+)/g, '"memoryMiB":"$1"')),
  },
  'writes an empty list as an object': {
    clause: '7.3',
    says: /\/items must be a list/,
    plant: (plugin) => rewrite(plugin, (text) => text.replaceAll('"items":[]', '"items":{}')),
  },
  'breaks base64 into lines': {
    clause: '7.3',
    says: /\/data must be canonical base64/,
    plant: writesBytes((bytes) => bytes.toString('base64').replaceAll(/.{76}/g, '$&\n')),
  },
  'leaves out the padding of base64': {
    clause: '7.3',
    says: /\/data must be canonical base64/,
    plant: writesBytes((bytes) => bytes.toString('base64').replaceAll('=', '')),
  },
  'says where it died': {
    clause: '8.5',
    says: /says where in its program it was/,
    isWarning: true,
    plant: words((message) => `${message} at ./cloud.pl line 42.`),
  },
  'shows what Tcl was executing': {
    clause: '8.5',
    says: /has a stack trace/,
    plant: words(
      (message) => `${message}\n    while executing\n"dict get $machines $vm"\n    (procedure "get" line 3)`,
    ),
  },
  'loses the id in errors': {
    clause: '8.7',
    says: /After compute\.get in which vm is null: It answered compute\.get with the id null/,
    plant(plugin) {
      plugin.fail = (_asked, error) => {
        const message = error instanceof Refusal ? error.message : 'It failed.';
        plugin.say({ id: null, error: { code: 404, message } });
      };
    },
  },
  'counts the time of making in seconds': {
    clause: '7.3',
    says: /has just been made says that it was at 1970-/,
    plant: (plugin) =>
      alter(plugin, 'compute.create', (result) => ({ ...result, created: new Date(Date.now() / 1000).toISOString() })),
  },
};
