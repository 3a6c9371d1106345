/** XML-RPC servers that others wrote, called through the daemon by clients that others wrote. */
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import { requireSuite } from '../../setup/packages.ts';
import { runAnnelid } from '../../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../../support/daemon.ts';
import { abyssServer, type Foreign, foreignServers } from '../foreign.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

describe('XML-RPC servers behind the daemon', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  const servers = foreignServers();
  let daemon: TestDaemon;
  let old: Foreign;
  let address: string;

  before(async function () {
    await requireSuite(this, 'xmlrpc clients');
    await requireSuite(this, 'soap clients');
    await requireSuite(this, 'sandbox');
    old = await servers.start('/usr/bin/python3', here('server.py'));
    const abyss = await servers.start(abyssServer(here('server.c'), servers.folder()));
    const stock = await servers.start(process.execPath, here('server.js'));
    const article = { type: 'object', properties: { article: { type: 'string' } }, required: ['article'] };
    const level = {
      title: 'Level',
      type: 'object',
      properties: { article: { type: 'string' }, level: { type: 'integer' } },
    };
    daemon = await startDaemon({
      connectors: {
        old: {
          plugin: 'xmlrpc',
          config: { url: `http://127.0.0.1:${old.port}/RPC2`, reads: ['math.*', 'echo', 'show'], exclude: ['nothing'] },
        },
        abyss: {
          plugin: 'xmlrpc',
          sandbox: true,
          config: { url: `http://127.0.0.1:${abyss.port}/RPC2`, reads: ['*'] },
        },
        stock: {
          plugin: 'xmlrpc',
          config: {
            url: `http://127.0.0.1:${stock.port}/`,
            methods: { 'stock.level': { name: 'level', params: article, result: level, changes: false } },
            faults: { 4: 'not-found' },
          },
        },
      },
    });
    address = daemon.url.replace('//', `//${daemon.user}:${daemon.password}@`);
  });

  const python = async (code: string) => {
    const whole = `import datetime, sys, xmlrpc.client
api = xmlrpc.client.ServerProxy(sys.argv[1], use_builtin_types=True, allow_none=True)
def fault(call, *values):
    try: return call(*values)
    except xmlrpc.client.Fault as fault: return fault.faultCode, fault.faultString
${code}`;
    const { stdout } = await execa('/usr/bin/python3', ['-c', whole, `${address}/RPC2?nil=nil&long=i8`]);
    return stdout.split('\n');
  };
  const php = async (service: string, code: string) => {
    const options = `['login' => '${daemon.user}', 'password' => '${daemon.password}']`;
    const start = `$api = new SoapClient('${daemon.url}/soap/${service}?wsdl', ${options});`;
    return (await execa('php', ['-r', `${start} ${code}`])).stdout.split('\n');
  };

  it('publishes what Python tells of itself, and calls it with values of every kind', async () => {
    expect(
      await python(`print([name for name in api.system.listMethods() if name.startswith("old.")])
print(api.system.methodHelp("old.math_add"), api.old.math_add(1, 2), api.old.math_add("a", "b"))
print(api.old.echo({"a": [1, 2.5, None], "$time": b"x"}, datetime.datetime(2026, 1, 31, 12), True, None, "ü 😀 <&>"))
print(api.old.show(-7), api.old.show(0.1))
print(fault(api.old.fail, 17), fault(api.old.fail, -32602), fault(api.old.nothing))`),
    ).to.deep.equal([
      "['old.echo', 'old.fail', 'old.math_add', 'old.show']",
      'Add two numbers. 3 ab',
      "[{'a': [1, 2.5, None], '$time': b'x'}, datetime.datetime(2026, 1, 31, 12, 0), True, None, 'ü 😀 <&>']",
      '-7 0.1',
      "(502, 'It failed.') (-32602, 'It failed.') (-32601, 'There is no method old.nothing.')",
    ]);
  });

  it('has the types that xmlrpc-c tells, on XML-RPC and in the WSDL', async () => {
    expect(
      await python(`print(api.system.methodSignature("abyss.twice"), api.system.methodHelp("abyss.twice"))
print(api.abyss.twice("4611686018427387903"))
print(api.abyss.describe("bell", True))`),
    ).to.deep.equal([
      "[['string', 'string']] Twice a number of 64 bits.",
      '9223372036854775806',
      "{'name': 'bell', 'loud': True, 'gain': 0.1, 'since': datetime.datetime(2026, 1, 31, 12, 0), 'raw': b'\\x01\\x02'}",
    ]);
    expect(
      await php(
        'abyss',
        `echo json_encode($api->__getTypes()), "\\n", $api->twice(['arg1' => '4611686018427387903'])->return, "\\n";
         $bell = $api->describe(['arg1' => 'bell', 'arg2' => false])->return;
         echo json_encode($bell);`,
      ),
    ).to.satisfy(([types, twice]: string[]) => types!.includes('long arg1') && twice === '9223372036854775806');
  });

  it('calls a server that lists nothing as the configuration describes it', async () => {
    expect(
      await php(
        'stock',
        `echo $api->level(['article' => 'cup'])->return->level, "\\n";
         try { $api->level(['article' => 'none']); } catch (SoapFault $f) { echo $f->faultcode, ' ', $f->getMessage(); }`,
      ),
    ).to.deep.equal(['7', 'soap:Client No such article.']);
    const { code, out, err } = await runAnnelid([
      ...['--state', `${daemon.directory}/state`, 'stock', 'level', 'cup', '--json'],
    ]);
    expect([code, JSON.parse(out || '{}'), err]).to.deep.equal([0, { article: 'cup', level: 7 }, '']);
    expect(await (await fetch(`${daemon.url}/docs/stock.level`)).text()).to.contain('xmlrpc 0.1.0');
  });

  it('tells callers when the server has gone, and goes on when it is there again', async () => {
    await old.stop();
    expect(await python('print(fault(api.old.show, 1)[0], "ECONNREFUSED" in fault(api.old.show, 1)[1])')).to.deep.equal(
      ['503 True'],
    );
    await servers.start('/usr/bin/python3', here('server.py'), String(old.port));
    expect(await python('print(api.old.show(1))')).to.deep.equal(['1']);
  });
});
