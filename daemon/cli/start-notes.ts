/** What a start prints for the person who made it: where everything is, and calls that can be pasted. */
import { connect } from 'node:net';
import { stringify } from 'yaml';
import type { Config } from '../config/config.ts';
import type { Daemon } from '../main.ts';
import { adminUser } from '../state/files.ts';
import { wordFor } from './names.ts';

/** Sockets on which libvirt's daemons for the whole machine listen: the old one, and the one for QEMU alone. */
const libvirtSockets = ['/var/run/libvirt/libvirt-sock', '/var/run/libvirt/virtqemud-sock'];
const probeMs = 500;

/** What to write for it; a cloud that is there without a file must be named in it to stay. */
const libvirtYaml = (config: Pick<Config, 'connectors' | 'file'>) => {
  const others = config.file ? [] : config.connectors.map(({ name, plugin, config }) => [name, { plugin, config }]);
  const kvm1 = { plugin: 'libvirt', config: { uri: 'qemu:///system', imageDirectories: ['/var/lib/libvirt/images'] } };
  return stringify({ connectors: { ...Object.fromEntries(others), kvm1 } });
};

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.setTimeout(probeMs, () => settle(false));
  });

/** How to attach the libvirt of this machine; empty when none answers. */
export const libvirtNotes = async (config: Pick<Config, 'connectors' | 'file'>): Promise<string> => {
  if (config.connectors.some(({ plugin }) => plugin === 'libvirt')) return '';
  const found = await Promise.all(libvirtSockets.map(answers));
  if (!found.includes(true)) return '';
  // The Python that the plugin runs under: the binding is installed for the system's own.
  const { execa } = await import('execa');
  const binding = await execa('/usr/bin/python3', ['-c', 'import libvirt'], {
    reject: false,
    stdin: 'ignore',
    timeout: 5000,
  });
  return `
A libvirt answers on this machine. To attach it, ${config.file ? `add this to ${config.file}` : 'write this to annelid.yaml'} and start again:

${libvirtYaml(config)}${binding.failed ? '\nIts plugin needs the Python binding of libvirt (Debian: apt-get install python3-libvirt).\n' : ''}`;
};

export interface Notes {
  config: Config;
  daemon: Pick<Daemon, 'url' | 'created'>;
  /** Where the password of `admin` is kept; undefined when it is there no more, or that user is not. */
  passwordFile: string | undefined;
  /** How the command line is called here. */
  command: string;
  /** Whether the store was there before. */
  known: boolean;
  /** Whether it serves the cloud of a first start. */
  demo: boolean;
  /** Whether they are shown on a terminal: what is written elsewhere, as to the journal of systemd, has no password in it. */
  terminal: boolean;
  colour: boolean;
}

/**
 * Two calls that can be pasted into a shell. The password is read from its file by the shell: it then stands neither in
 * the shell's history nor on the screen.
 */
export const pastableCalls = (url: string, passwordFile: string): { python: string; curl: string } => {
  const credentials = url.replace('://', `://${adminUser}:%s@`);
  return {
    python: `python3 -c "import sys, xmlrpc.client as x; [print(vm['name'], vm['state']) for vm in x.ServerProxy('${credentials}/RPC2' % open(sys.argv[1]).read().strip()).vm.list()['items']]" ${wordFor(passwordFile)}`,
    curl: `curl -s -u "${adminUser}:$(cat ${wordFor(passwordFile)})" -H 'Content-Type: text/xml' -d '<methodCall><methodName>vm.list</methodName></methodCall>' ${url}/RPC2`,
  };
};

const callsText = ({ python, curl }: ReturnType<typeof pastableCalls>) => `
Paste one of these into another shell:

${python}

${curl}
`;

export const startNotes = (notes: Notes): string => {
  const { config, daemon, passwordFile, command, known, demo, terminal, colour } = notes;
  const strong = (text: string) => (colour ? `\x1b[1m${text}\x1b[0m` : text);
  const link = (text: string) => (colour ? `\x1b[36m${text}\x1b[0m` : text);
  const { url, created } = daemon;
  const connectors = config.connectors.map(({ name, plugin }) => `${name} (${plugin})`).join(', ');
  let user = `those of: ${command} user list`;
  if (created && terminal)
    user = `${created.user}, password ${strong(created.password)} (shown this once; kept in ${passwordFile})`;
  else if (created) user = `${created.user}; a password was made for it, and is in ${passwordFile}`;
  else if (passwordFile) user = `${adminUser}; the password that the first start made is in ${passwordFile}`;
  const calls = passwordFile === undefined ? '' : callsText(pastableCalls(url, passwordFile));
  return `
${strong('Annelid is running.')}${known ? ` State of an earlier start is kept in ${config.state}.` : ''}

  XML-RPC     ${link(`${url}/RPC2`)}
  SOAP        ${link(`${url}/soap?wsdl`)}
  JSON-RPC    ${link(`${url}/jsonrpc`)}
  Docs        ${link(`${url}/docs`)}
  State       ${config.state}
  Connectors  ${connectors || `none yet; ${config.file ?? 'annelid.yaml'} can name some`}
  User        ${user}
${calls}
Use the command line:

${command} vm list
${demo ? `${command} vm start web2 --wait\n` : ''}${command} --help
`;
};
