/** SOAP servers that others wrote, called through the daemon by clients that others wrote. */
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import { requireSuite } from '../../setup/packages.ts';
import { runAnnelid } from '../../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../../support/daemon.ts';
import { foreignServers, gsoapServer } from '../foreign.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

describe('SOAP servers behind the daemon', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  const servers = foreignServers();
  let daemon: TestDaemon;
  let address: string;

  before(async function () {
    await requireSuite(this, 'xmlrpc clients');
    await requireSuite(this, 'soap clients');
    await requireSuite(this, 'sandbox');
    const calc = await servers.start(gsoapServer(here('calc.h'), here('calc.c'), servers.folder()));
    const orders = await servers.start('php', '-S', '127.0.0.1:0', here('orders.php'));
    const meters = await servers.start(process.execPath, here('meters.ts'));
    daemon = await startDaemon({
      connectors: {
        calc: {
          plugin: 'soap',
          config: {
            wsdl: `${servers.folder()}/calc.wsdl`,
            url: `http://127.0.0.1:${calc.port}/`,
            reads: ['*'],
            faults: { Client: 'invalid-params' },
          },
        },
        orders: {
          plugin: 'soap',
          config: {
            wsdl: here('orders.wsdl'),
            url: `http://127.0.0.1:${orders.port}/`,
            username: 'shop',
            password: 's3cret',
            methods: { 'order.count': { name: 'count', changes: false } },
            faults: { SoldOut: 'conflict' },
          },
        },
        meters: {
          plugin: 'soap',
          sandbox: true,
          config: { wsdl: `http://127.0.0.1:${meters.port}/meters?wsdl`, reads: ['Read'] },
        },
      },
      services: {
        shop: { service: 'orders', wsdl: here('orders.wsdl'), operations: { 'order.count': 'count' } },
      },
    });
    address = daemon.url.replace('//', `//${daemon.user}:${daemon.password}@`);
  });

  const python = async (code: string) => {
    const whole = `import sys, xmlrpc.client
api = xmlrpc.client.ServerProxy(sys.argv[1], use_builtin_types=True)
def fault(call, *values):
    try: return call(*values)
    except xmlrpc.client.Fault as fault: return fault.faultCode, fault.faultString
${code}`;
    return (await execa('/usr/bin/python3', ['-c', whole, address])).stdout.split('\n');
  };
  const login = () => `['login' => '${daemon.user}', 'password' => '${daemon.password}', 'cache_wsdl' => 0]`;
  const php = async (code: string) => (await execa('php', ['-r', code])).stdout.split('\n');

  it('calls gSOAP for Python over XML-RPC, with exact numbers and bytes', async () => {
    expect(
      await python(`print([name for name in api.system.listMethods() if name.startswith("calc.")])
print(api.calc.add(1, 2.5), api.calc.middle([{"x": 1.0, "y": 2.0, "name": "ü"}, {"x": 3.0, "y": 4.0}]))
print(api.calc.echo("9007199254740993", "12345678901234567890.10", b"\\x01\\x02"))
print(fault(api.calc.divide, 1, 0))
print(fault(api.calc.add, "one", 2)[0])`),
    ).to.deep.equal([
      "['calc.add', 'calc.divide', 'calc.echo', 'calc.middle']",
      "3.5 {'x': 2.0, 'y': 3.0, 'name': 'ü'}",
      "{'number': '9007199254740993', 'exact': '12345678901234567890.10', 'raw': b'\\x01\\x02'}",
      "(-32602, 'Division by zero.')",
      '-32602',
    ]);
  });

  it('calls gSOAP for zeep, in the form that the daemon has', async () => {
    const { stdout } = await execa('/usr/bin/python3', [
      '-c',
      `import sys, zeep, requests
session = requests.Session(); session.auth = (sys.argv[2], sys.argv[3])
client = zeep.Client(sys.argv[1], transport=zeep.Transport(session=session))
print(client.service.add(1, 2.5))
reply = client.service.echo(9007199254740993, "1.50", b"\\x01")
print(reply.number, repr(reply.exact), reply.raw)
print(client.service.middle({"item": [{"x": 1, "y": 1, "name": None}]}).x)`,
      `${daemon.url}/soap/calc?wsdl`,
      daemon.user,
      daemon.password,
    ]);
    expect(stdout.split('\n')).to.deep.equal(['3.5', "9007199254740993 Decimal('1.50') b'\\x01'", '1.0']);
  });

  it('calls PHP of rpc/encoded, with credentials, and maps its faults', async () => {
    const line = '{"article": "cup", "price": "1.50", "count": 2}';
    expect(
      await python(`order = api.orders.placeOrder("Ann", [${line}])
print(order["number"], order["total"], order["placed"], order["lines"])
print(fault(api.orders.placeOrder, "Ann", [dict(${line}, article="rare")]), api.orders.count())`),
    ).to.deep.equal([
      "9007199254740993 1.50 2026-01-31 11:00:00 [{'article': 'cup', 'price': '1.50', 'count': 2}]",
      "(409, 'Sold out for Ann.') 3",
    ]);
  });

  it('serves the contract itself again: an old client, the daemon, an old server', async () => {
    expect(
      await php(`$api = new SoapClient('${daemon.url}/soap/shop?wsdl', ${login()});
        $order = $api->placeOrder('Ann', [['article' => 'cup', 'price' => '1.50', 'count' => 2]]);
        echo $order->number, ' ', $order->placed, ' ', $order->lines[0]->price, ' ', $api->{'order.count'}(), "\\n";
        try { $api->placeOrder('Ann', [['article' => 'rare', 'price' => '1.50', 'count' => 2]]); }
        catch (SoapFault $f) { echo $f->getMessage(), ' ', json_encode($f->detail->SoldOut->enc_value); }`),
    ).to.deep.equal(['9007199254740993 2026-01-31T11:00:00Z 1.50 3', 'Sold out for Ann. {"article":"rare","left":0}']);
  });

  it("calls node's soap on the command line, with a schema that its WSDL includes", async () => {
    const { code, out, err } = await runAnnelid([
      ...[
        '--state',
        `${daemon.directory}/state`,
        'meters',
        'read',
        '--meter',
        'east',
        '--meter',
        'west',
        '--since',
        '2026-01-31',
        '--json',
      ],
    ]);
    const reading = { value: '12345678901234567890.10', note: 'since a day' };
    expect([code, err, JSON.parse(out || '{}')]).to.deep.equal([
      0,
      '',
      [
        { meter: 'east', ...reading },
        { meter: 'west', ...reading },
      ],
    ]);
    expect(await (await fetch(`${daemon.url}/docs/meters.Read`)).text()).to.contain('soap 0.1.0');
  });
});
