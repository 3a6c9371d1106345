/** The examples of the page about service profiles, run as they stand there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse } from 'yaml';
import type { Connector } from '../../daemon/catalogue/resources.ts';
import { OperationSettings, ServiceSettings } from '../../daemon/config/service-settings.ts';
import { fieldsOf, type RecordShape } from '../../plugin-protocol/shape.ts';
import { requireSuite } from '../setup/packages.ts';
import { root, runAnnelid } from '../support/annelid.ts';
import { type Connectors, daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';

const page = join(root, 'docs/service-profiles.md');
const text = readFileSync(page, 'utf8');
/** A block of the page, by what stands behind its language. */
const block = (title: string): string => new RegExp(`\`\`\`\\w+ ${title}\\n(.*?)\`\`\``, 's').exec(text)![1]!;

const rowsOf = (of: RecordShape, prefix: string): string[] =>
  fieldsOf(of).map(([name, shape]) => {
    const fallback = shape.default === undefined ? '' : `\`${JSON.stringify(shape.default)}\``;
    return `| \`${prefix}${name}\` | ${shape.description} | ${fallback} |`;
  });

describe('The page about service profiles', function () {
  this.timeout(30_000);
  const startDaemon = daemonsOfSuite();
  let folder: string;
  let daemon: TestDaemon;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'annelid-profiles-'));
    for (const file of ['orders.wsdl', 'clerk.py', 'annelid.yaml']) writeFileSync(join(folder, file), block(file));
    const { connectors, services } = parse(block('annelid.yaml')) as { connectors: Connectors; services: object };
    const inFolder = Object.entries(connectors).map(([name, of]) => [name, { ...of, plugin: join(folder, of.plugin) }]);
    const others = ['names.yaml', 'orders.yaml', 'paths.yaml'].map(
      (name) => (parse(block(name)) as { services: object }).services,
    );
    const all = Object.assign({}, services, ...others);
    daemon = await startDaemon({
      connectors: Object.fromEntries(inFolder) as Connectors,
      services: Object.fromEntries(
        Object.entries(all as Record<string, { wsdl?: string }>).map(([name, of]) => [
          name,
          of.wsdl === undefined ? of : { ...of, wsdl: join(folder, of.wsdl) },
        ]),
      ),
    });
  });
  after(() => rmSync(folder, { recursive: true }));

  const post = async (path: string, body: string): Promise<string> => {
    const envelope = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`;
    const reply = await fetch(daemon.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'text/xml' },
      body: envelope,
    });
    return /<soap:Body>(.*)<\/soap:Body>/s.exec(await reply.text())![1]!.replaceAll(/ xmlns:\w+="[^"]*"/g, '');
  };

  it('serves the WSDL, and calls of it', async () => {
    expect(await post('/soap/orders', block('request'))).to.equal(block('reply').trim());
    const wsdl = await (await fetch(`${daemon.url}/soap/orders?wsdl`)).text();
    expect(wsdl).to.equal(block('orders.wsdl').replace('http://old/', `${daemon.url}/soap/orders`));
  });

  it('answers with the faults of the contract', async () => {
    expect(await post('/soap/orders', block('request').replace('cup', 'rare'))).to.equal(
      '<soap:Fault><faultcode>soap:Client</faultcode><faultstring>Not on stock.</faultstring><detail><ns1:SoldOut>rare</ns1:SoldOut></detail></soap:Fault>',
    );
  });

  it('stays when an order is too long for a line, which is refused as the plugin takes no parameters in parts', async () => {
    const long = block('request').replace('cup', 'c'.repeat(5 * 1024 * 1024));
    expect(await post('/soap/orders', long)).to.equal(
      '<soap:Fault><faultcode>soap:Client</faultcode><faultstring>The parameters of clerk.place make a message of more than 4194304 bytes (limits.plugins.lineToPlugin).</faultstring></soap:Fault>',
    );
    expect(await post('/soap/orders', block('request'))).to.equal(block('reply').trim());
    const { items } = await daemon.call<{ items: Connector[] }>('connector.list');
    expect(items.map(({ id, restarts }) => [id, restarts])).to.deep.equal([['clerk', 0]]);
  });

  it('is called by clients that know nothing but the WSDL', async function () {
    await requireSuite(this, 'soap clients');
    const wsdl = `${daemon.url}/soap/orders?wsdl`;
    const php = `ini_set('soap.wsdl_cache_enabled', 0);
      $api = new SoapClient('${wsdl}');
      echo $api->PlaceOrder(['line' => [['price' => '1.50', 'article' => 'cup'], ['price' => 2]]])->number, ' ';
      try { $api->PlaceOrder(['line' => [['price' => 1, 'article' => 'rare']]]); }
      catch (SoapFault $fault) { echo $fault->getMessage(), ' ', $fault->detail->SoldOut; }`;
    expect((await execa('php', ['-r', php])).stdout).to.equal('2 Not on stock. rare');
    const python = `import sys, zeep
api = zeep.Client(sys.argv[1]).service
try:
    print(api.PlaceOrder(line=[{'price': '1.50', 'article': 'cup'}]))
    api.PlaceOrder(line=[{'price': 1, 'article': 'rare'}])
except zeep.exceptions.Fault as fault:
    print(fault.message, fault.detail[0].text)`;
    expect((await execa('/usr/bin/python3', ['-c', python, wsdl])).stdout).to.equal('1\nNot on stock. rare');
  });

  it('serves it under names that are chosen, and beside that in its own form', async () => {
    const items = '<items><item><article>cup</article></item></items>';
    // Parts in no namespace and without types: the caller speaks rpc/literal, and is answered so.
    expect(await post('/soap/old', `<o:Order xmlns:o="urn:old">${items}</o:Order>`)).to.equal(
      '<m:OrderResponse><number>1</number></m:OrderResponse>',
    );
    const wsdl = await (await fetch(`${daemon.url}/soap/old?wsdl`)).text();
    expect(wsdl).to.include('<wsdl:portType name="OldClerk">').and.include('soapAction=""');
    expect(await (await fetch(`${daemon.url}/soap/clerk?wsdl`)).text()).to.include('urn:annelid:clerk');
    const docs = await (await fetch(`${daemon.url}/docs/soap`)).text();
    for (const name of ['clerk', 'orders', 'old']) expect(docs).to.include(`${daemon.url}/soap/${name}?wsdl`);
    expect(docs).to.include('The service clerk, as an existing contract has it.');
  });

  it('serves it over XML-RPC, under names that are chosen', async function () {
    await requireSuite(this, 'xmlrpc clients');
    const { stdout } = await execa('/usr/bin/python3', ['-c', block('client'), daemon.url]);
    expect(stdout).to.equal('1 2');
    const docs = await (await fetch(`${daemon.url}/docs/xml-rpc`)).text();
    for (const name of ['clerk', 'orders', 'old', 'shop']) expect(docs).to.include(`${daemon.url}/RPC2/${name}<`);
  });

  it('serves it at paths of old, over either', async function () {
    await requireSuite(this, 'xmlrpc clients');
    const { stdout } = await execa('/usr/bin/python3', ['-c', block('fixed'), daemon.url]);
    expect(stdout).to.equal('1');
    const call = `<m:orderCups xmlns:m="urn:annelid:clerk"><line><item><article>cup</article></item></line></m:orderCups>`;
    expect(await post('/services/Orders', call)).to.include('orderCupsResponse');
    const wsdl = await (await fetch(`${daemon.url}/services/Orders?wsdl`)).text();
    expect(wsdl).to.include(`${daemon.url}/soap/fixed`);
    for (const [page, path] of [
      ['xml-rpc', '/xmlrpc/2/common'],
      ['soap', '/services/Orders?wsdl'],
    ] as const) {
      const docs = await (await fetch(`${daemon.url}/docs/${page}`)).text();
      expect(docs).to.include(
        `/fixed${page === 'soap' ? '?wsdl' : ''}</code><br><code>${daemon.url}${path}</code></th>`,
      );
    }
  });

  it('has its mistakes named by config check, in the configuration and in the contract', async () => {
    const config = join(folder, 'annelid.yaml');
    const right = await runAnnelid(['config', 'check', config]);
    expect([right.code, right.err]).to.deep.equal([0, '']);
    const wsdl = join(folder, 'orders.wsdl');
    writeFileSync(config, block('annelid.yaml').replace('PlaceOrder: place', 'PlacedOrder: place'));
    expect((await runAnnelid(['config', 'check', config])).err).to.include(
      `${config}:8:20: services.orders.operations.PlacedOrder: ${wsdl} has no such operation.`,
    );
    writeFileSync(wsdl, block('orders.wsdl').replace('xs:decimal', 'xs:decimel'));
    const { code, err } = await runAnnelid(['config', 'check', config]);
    expect(code).to.equal(2);
    expect(err).to.include(
      `${config}:6:11: services.orders.wsdl: ${wsdl}:6: <xs:element name="price"> uses the type {http://www.w3.org/2001/XMLSchema}decimel, which no schema declares.`,
    );
  });

  it('lists all settings', () => {
    const rows = [...rowsOf(ServiceSettings, ''), ...rowsOf(OperationSettings, 'operations.NAME.')];
    const head = '| setting | meaning | default |\n| --- | --- | --- |\n';
    const made = text.replace(
      /(<!-- settings -->\n).*?(<!-- until here -->)/s,
      (_, begin: string, end: string) => `${begin}${head}${rows.join('\n')}\n${end}`,
    );
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(page, made);
    else expect(text, 'made anew by the tests with UPDATE_DOCS=1 in the environment').to.equal(made);
  });
});
