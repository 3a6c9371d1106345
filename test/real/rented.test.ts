/** examples/rented: what a plugin asks of the daemon, and what one without a kit says that it needs. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect } from 'chai';
import type { Vm } from '../../daemon/catalogue/resources.ts';
import { root } from '../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';

/** The cloud: servers, each with what it was made with, and what it was told. */
class Cloud {
  token = 'a-token-of-the-cloud';
  readonly servers = new Map<string, { id: string; power: string; installed: string[]; [member: string]: unknown }>();
  readonly #http = createServer((request, response) => void this.#answer(request, response));

  async open(): Promise<string> {
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }
  close() {
    this.#http.close();
  }
  add(id: string, power = 'off', made: object = {}) {
    const server = { name: id, vcpus: 1, memoryMiB: 64, labels: {}, ...made, id, power, installed: [] };
    this.servers.set(id, server);
    return server;
  }
  async #answer(request: IncomingMessage, response: ServerResponse) {
    const reply = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value));
    const body = request.method === 'POST' && (await json(request).catch(() => ({})));
    if (request.headers.authorization !== `Bearer ${this.token}`) return reply(401, {});
    const [, , id, word] = request.url!.split('/').map(decodeURIComponent);
    if (id === undefined) {
      if (request.method === 'GET') return reply(200, [...this.servers.values()]);
      return reply(201, this.add(`s-${this.servers.size}`, 'off', body as object));
    }
    const server = this.servers.get(id);
    if (server === undefined) return reply(404, {});
    if (word === 'install') server.installed.push((body as { image: string }).image);
    else if (word !== undefined) server.power = word;
    return reply(200, server);
  }
}

describe('the plugins of a rented cloud', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  const cloud = new Cloud();
  let daemon: TestDaemon;

  before(async () => {
    cloud.add('web');
    const url = await cloud.open();
    const rented = (file: string) => ({
      plugin: join(root, 'examples/rented', file),
      config: { url },
      secrets: { token: 'env:RENTED_TOKEN' },
    });
    daemon = await startDaemon({
      connectors: { bare: rented('rented.pl'), kit: rented('rented.py') },
      env: { RENTED_TOKEN: cloud.token },
    });
  });
  after(() => cloud.close());

  const machine = async (connector: string, name: string): Promise<Vm> => {
    const { items } = await daemon.call<{ items: Vm[] }>('vm.list', { connector, refresh: true });
    return items.find((vm) => vm.name === name)!;
  };
  const refusal = (method: string, params: object) =>
    daemon.call(method, params).then(
      () => undefined,
      ({ kind, message }: { kind: string; message: string }) => `${kind}: ${message}`,
    );

  it('without a kit, is given the token that it needs, and drives machines', async () => {
    const { id } = await machine('bare', 'web');
    await daemon.call('vm.start', { vm: id, wait: 30 });
    expect(cloud.servers.get('web')!.power).to.equal('on');
    await daemon.call('vm.create', { name: 'db', connector: 'bare', memoryMiB: 128, wait: 30 });
    expect([...cloud.servers.values()].map(({ name, memoryMiB }) => [name, memoryMiB])).to.deep.equal([
      ['web', 64],
      ['db', 128],
    ]);
  });

  it('with the kit, looks up whom callers mean, and has the daemon keep what was done', async () => {
    const { id } = await machine('kit', 'web');
    const again = await daemon.call<string>('rented.install', { vm: id, image: 'debian-12' });
    expect(Date.parse(again)).to.be.above(Date.now());
    expect(await refusal('rented.install', { vm: id, image: 'debian-12' })).to.equal(
      'quota: web was installed less than an hour ago.',
    );
    expect(cloud.servers.get('web')!.installed).to.deep.equal(['debian-12']);
    const { id: other } = await machine('bare', 'web');
    expect(await refusal('rented.install', { vm: other, image: 'debian-12' })).to.match(/^not-found: /);
  });

  it('say that the cloud refuses the token', async () => {
    cloud.token = 'another-token-of-the-cloud';
    for (const connector of ['bare', 'kit'])
      expect(await refusal('vm.list', { connector, refresh: true }), connector).to.include('refuses the token');
  });
});
