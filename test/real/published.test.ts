/** Methods that plugins publish, on every wire at once, as clients of others see them. */
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import { createClientAsync } from 'soap';
import { requireSuite } from '../setup/packages.ts';
import { runAnnelid } from '../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon, until } from '../support/daemon.ts';
import { processes } from '../support/processes.ts';

const here = fileURLToPath(new URL('published', import.meta.url));

const python = (url: string, code: string) =>
  execa('/usr/bin/python3', [
    '-c',
    `import sys, xmlrpc.client\napi = xmlrpc.client.ServerProxy(sys.argv[1], use_builtin_types=True)\n${code}`,
    url,
  ]);

describe('What plugins publish', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;
  let address: string;
  let state: string;

  before(async function () {
    await requireSuite(this, 'xmlrpc clients');
    await requireSuite(this, 'soap clients');
    daemon = await startDaemon({
      connectors: (directory) => ({
        building: { plugin: join(here, 'meter.ts') },
        books: { plugin: join(directory, 'ledger.py') },
      }),
      files: { 'ledger.py': join(here, 'ledger.py') },
      limits: { plugins: { unknownAfterMs: 200, restartMinMs: 10 } },
    });
    address = daemon.url.replace('//', `//${daemon.user}:${daemon.password}@`);
    state = join(daemon.directory, 'state');
  });

  it('is called and introspected over XML-RPC', async () => {
    const { stdout } = await python(
      address,
      `print(api.meter.read("east", "A"))
print(api.meter.echo({"a": [1, 2.5, True, "x"], "$time": b"bytes"}))
print(api.system.methodSignature("meter.read"), api.system.methodHelp("ledger.add"))
print([name for name in api.system.listMethods() if name.startswith("meter.")])
print(api.ledger.add(5))`,
    );
    expect(stdout.split('\n')).to.deep.equal([
      "[{'at': datetime.datetime(2026, 1, 31, 12, 0), 'value': 1.5, 'ticks': '9007199254740993', 'raw': b'admin east A'}]",
      "{'a': [1, 2.5, True, 'x'], '$time': b'bytes'}",
      "[['array', 'string'], ['array', 'string', 'string']] Book an amount.",
      "['meter.echo', 'meter.read']",
      "{'amount': 5, 'note': '-', 'key': True}",
    ]);
  });

  it('has a WSDL of its own, from which PHP and node make clients', async () => {
    const options = `['login' => '${daemon.user}', 'password' => '${daemon.password}', 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]`;
    const { stdout } = await execa('php', [
      '-r',
      `$api = new SoapClient('${daemon.url}/soap/meter?wsdl', ${options});
       $sample = $api->read(['name' => 'west', 'unit' => 'V'])->return->item[0];
       echo json_encode([$api->__getFunctions(), $sample]), "\\n";
       echo json_encode($api->echo(['value' => new SoapVar(7, XSD_INT, 'int', 'http://www.w3.org/2001/XMLSchema')])), "\\n";
       try { $api->read(['name' => 'broken', 'unit' => 'V']); } catch (SoapFault $fault) { echo $fault->getMessage(), "\\n"; }`,
    ]);
    // As text: the counter is beyond what a number of JavaScript holds.
    expect(stdout.split('\n')).to.deep.equal([
      '[["readResponse read(read $parameters)","echoResponse echo(echo $parameters)"],' +
        '{"at":"2026-01-31T12:00:00.000Z","value":1.5,"ticks":9007199254740993,"raw":"admin west V"}]',
      '{"return":7}',
      'The meter does not answer.',
    ]);
    const client = await createClientAsync(`${daemon.url}/soap/ledger?wsdl`);
    client.addHttpHeader('Authorization', `Basic ${btoa(`${daemon.user}:${daemon.password}`)}`);
    const [reply] = await client.addAsync({ amount: 3, note: 'lunch' });
    expect(reply.return).to.deep.equal({ amount: 3, note: 'lunch', key: true });
  });

  it('is told that there is no such service at another path below /soap', async () => {
    const reply = await fetch(`${daemon.url}/soap/nothing?wsdl`);
    expect([reply.status, await reply.text()]).to.deep.equal([
      404,
      'There is no service at /soap/nothing. There are /soap/meter, /soap/ledger.\n',
    ]);
    const fault = await fetch(`${daemon.url}/soap/nothing`, {
      method: 'POST',
      body: '<x/>',
      headers: { 'Content-Type': 'text/xml' },
    });
    expect(await fault.text()).to.contain('There is no service at /soap/nothing.');
  });

  it('is called over JSON-RPC, and described in OpenRPC', async () => {
    expect(await daemon.call('ledger.add', { amount: 2, note: 'x' })).to.deep.equal({
      amount: 2,
      note: 'x',
      key: true,
    });
    const document = (await (await fetch(`${daemon.url}/openrpc.json`)).json()) as { methods: { name: string }[] };
    expect(document.methods.map(({ name }) => name)).to.include.members(['meter.read', 'ledger.add']);
  });

  it('has a page for each method, with examples of each wire', async () => {
    const page = await (await fetch(`${daemon.url}/docs/meter.read`)).text();
    expect(page).to.contain('Read a meter. It is asked each time.').and.to.contain(`${daemon.url}/soap/meter?wsdl`);
    expect(page).to.contain('&lt;read xmlns=&quot;urn:annelid:meter&quot;&gt;');
    expect(page).to.contain('annelid meter read').and.to.contain('meter 1.2');
    expect(await (await fetch(`${daemon.url}/docs`)).text()).to.contain('Keeps the books.');
    expect(await (await fetch(`${daemon.url}/docs/soap`)).text()).to.contain(`${daemon.url}/soap/ledger?wsdl`);
  });

  it('is a command', async () => {
    const help = await runAnnelid(['--state', state, 'meter', 'read', '--help']);
    expect(help.out).to.contain('Usage: annelid meter read [options] <name>').and.to.contain('--unit <enum>');
    const { code, out, err } = await runAnnelid(['--state', state, 'ledger', 'add', '4', '--note', 'books', '--json']);
    expect([code, JSON.parse(out || '{}'), err]).to.deep.equal([0, { amount: 4, note: 'books', key: true }, '']);
    const unknown = await runAnnelid(['--state', state, 'metr', 'read']);
    expect(unknown.code).to.equal(2);
    expect(unknown.err).to.contain("unknown command 'metr'\n(Did you mean meter?)");
    const alone = await runAnnelid(['--state', join(state, 'none'), 'meter', 'read']);
    expect(alone.err).to.contain(
      '(Services that plugins publish are commands too: no daemon answers that knows them.)',
    );
  });

  it('is another once its plugin says otherwise, without a restart of the daemon; a call under way is told', async () => {
    const crash = [{ name: 'crash', doc: 'Ends the plugin.' }];
    await writeFile(join(daemon.directory, 'more.json'), JSON.stringify(crash));
    const plugin = (await processes()).find(({ command }) => command.includes(join(daemon.directory, 'ledger.py')))!;
    process.kill(plugin.pid, 'SIGKILL');
    const names = async () => daemon.call<string[]>('system.listMethods');
    await until(async () => (await names()).includes('ledger.crash'));
    await writeFile(join(daemon.directory, 'more.json'), '[]');
    const { stdout } = await python(
      address,
      `try:
    api.ledger.crash()
except xmlrpc.client.Fault as fault:
    print(fault.faultCode, fault.faultString)`,
    );
    expect(stdout).to.match(/^503 The plugin of books /);
    // It may have been away for long enough to be taken out in between.
    await until(async () => {
      const now = await names();
      return now.includes('ledger.add') && !now.includes('ledger.crash');
    });
  });

  it('leaves when its plugin does not come back', async () => {
    await copyFile('/dev/null', join(daemon.directory, 'ledger.py'));
    const plugin = (await processes()).find(({ command }) => command.includes(join(daemon.directory, 'ledger.py')))!;
    process.kill(plugin.pid, 'SIGKILL');
    await until(async () => !(await daemon.call<string[]>('system.listMethods')).includes('ledger.add'));
    expect((await fetch(`${daemon.url}/soap/ledger?wsdl`)).status).to.equal(404);
    expect((await fetch(`${daemon.url}/docs/ledger.add`)).status).to.equal(404);
    const [fault] = await Promise.allSettled([daemon.call('ledger.add', { amount: 1 })]);
    expect(fault).to.have.nested.property('reason.kind', 'unknown-method');
  });
});
