/** Our daemon for a measurement. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readAdminPassword } from '../../daemon/state/files.ts';
import { freePort } from '../support/free-port.ts';
import { folder, listening, processors, start, stop } from './children.ts';
import type { Request } from './load.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Connector {
  plugin: string;
  config?: object;
}

export interface Daemon {
  child: ChildProcess;
  port: number;
  /** A request over XML-RPC, with the administrator's password. `params` is written into `<params>`. */
  xmlrpc(method: string, params?: string): Request;
  soap(operation: string, content?: string): Request;
  /** Makes a call over JSON-RPC. */
  call<R>(method: string, params?: object): Promise<R>;
  /** One of its own figures on `/metrics`. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

let count = 0;

/** The words that start a daemon on `port` with a state directory of its own. `bin` is the command, in the checkout. */
export const prepare = async (connectors: Record<string, Connector>, limits: object = {}, bin = 'bin/annelid.js') => {
  const port = await freePort();
  const state = join(folder, `state-${++count}`);
  const file = join(folder, `config-${count}.yaml`);
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ listen: { port }, state, log: { level: 'warn' }, limits, connectors }));
  return { port, state, words: [process.execPath, join(root, bin), 'serve', '--config', file] };
};

export const startDaemon = async (
  connectors: Record<string, Connector>,
  { pin = true, limits = {} }: { pin?: boolean; limits?: object } = {},
): Promise<Daemon> => {
  const { port, state, words } = await prepare(connectors, limits);
  const child = start(words, pin ? processors.server : undefined);
  await listening(port, child, 'annelid');
  const password = readAdminPassword(state);
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  const headers = { 'Content-Type': 'text/xml', Authorization: authorization };
  const post = (path: string, body: string): Request => ({ port, path, headers, body });
  const url = `http://127.0.0.1:${port}`;

  const daemon: Daemon = {
    child,
    port,
    xmlrpc: (method, params = '') =>
      post(
        '/RPC2',
        `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${params}</params></methodCall>`,
      ),
    soap: (operation, content = '') =>
      post(
        '/soap',
        `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><${operation} xmlns="urn:annelid:1">${content}</${operation}></s:Body></s:Envelope>`,
      ),
    async call<R>(method: string, params: object = {}) {
      const reply = await fetch(`${url}/jsonrpc`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: authorization },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
      const { result, error } = (await reply.json()) as { result?: R; error?: { message: string } };
      if (error) throw new Error(`${method}: ${error.message}`);
      return result as R;
    },
    async metric(name) {
      const text = await (await fetch(`${url}/metrics`, { headers: { Authorization: authorization } })).text();
      const value = text.match(new RegExp(`^${name} (\\S+)`, 'm'))?.[1];
      if (value === undefined) throw new Error(`/metrics has no ${name}.`);
      return Number(value);
    },
    stop: () => stop(child),
  };
  for (const name of Object.keys(connectors)) await ready(daemon, name);
  return daemon;
};

const ready = async (daemon: Daemon, name: string): Promise<void> => {
  for (;;) {
    const { state, message } = await daemon.call<{ state: string; message?: string }>('connector.get', {
      connector: name,
    });
    if (state === 'ready') return;
    if (state === 'failing') throw new Error(`The connector ${name} is failing: ${message}`);
    await sleep(20);
  }
};

/** Waits until the inventory holds so many machines. */
export const inventoried = async (daemon: Daemon, machines: number): Promise<{ id: string; name: string }[]> => {
  for (;;) {
    const { items } = await daemon.call<{ items: { id: string; name: string }[] }>('vm.list');
    if (items.length >= machines) return items;
    await sleep(100);
  }
};
