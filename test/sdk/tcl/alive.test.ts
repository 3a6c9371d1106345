/** What a plugin in Tcl does so that it hears when the machine of its host was started anew. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer, type TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { requestLine } from '../../../plugin-protocol/rpc/messages.ts';
import { requireSuite } from '../../setup/packages.ts';
import { makeCertificate, signCertificate } from '../../support/certificates.ts';
import { endStaying, stayAs, tlsArgs } from '../staying.ts';
import { tclCommand } from './command.ts';

describe('A plugin in Tcl that is connected', () => {
  before(async function () {
    await requireSuite(this, 'tcl sdk');
  });
  afterEach(endStaying);

  it('says from time to time what hosts ignore, since nobody asks for it whether the host is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-alive-'));
    const ca = makeCertificate(folder, 'ca-');
    const [host, plugin] = [signCertificate(folder, 'host', ca), signCertificate(folder, 'plugin', ca)];
    await writeFile(join(folder, 'token'), 'of-the-test');
    const server = createServer({ cert: readFileSync(host.cert), key: readFileSync(host.key) }).listen(0, '127.0.0.1');
    await once(server.unref(), 'listening');
    const address = `tls://localhost:${(server.address() as AddressInfo).port}`;
    const admission = ['--connector', 'one', '--token-file', join(folder, 'token')];
    stayAs(tclCommand('test/sdk/tcl/often.tcl'), ['--dial', address, ...admission, ...tlsArgs(plugin, ca)]);
    const [socket] = (await once(server, 'secureConnection')) as [TLSSocket];
    socket.write(`${requestLine(1, 'describe', {})}\n`);
    const said: string[] = [];
    for await (const line of createInterface({ input: socket })) {
      said.push((JSON.parse(line) as { method?: string }).method ?? 'an answer');
      if (said.filter((method) => method === '$/alive').length === 3) break;
    }
    expect(said).to.include('an answer');
    expect(said[0]).to.equal('$/admit');
    socket.destroy();
    server.close();
    await rm(folder, { recursive: true });
  });
});
