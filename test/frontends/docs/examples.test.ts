import { expect } from 'chai';
import { method } from '../../../daemon/catalogue/method.ts';
import { examplesOf } from '../../../daemon/frontends/docs/examples.ts';
import { xmlrpcRequest } from '../../../daemon/frontends/docs/xml-examples.ts';
import type { Frontend } from '../../../daemon/frontends/frontend.ts';
import { jsonrpc } from '../../../daemon/frontends/jsonrpc/index.ts';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { xmlrpc } from '../../../daemon/frontends/xmlrpc/index.ts';
import { bool, list, map, number, optional, record, string, time } from '../../../plugin-protocol/shape.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const api = fakeApi();
const url = 'http://127.0.0.1:8420';
const codeOf = (of: Parameters<typeof examplesOf>[0], title: string): string =>
  examplesOf(of, url).find((example) => example.title === title)?.code ?? '';
const heredoc = (code: string) => /<<'XML'\n(.*)\nXML$/s.exec(code)?.[1] ?? '';

/** What a frontend makes of an example: the parameters that reach the core. */
const received = async (frontend: Frontend, path: string, body: string) => {
  api.calls.length = 0;
  const headers = { 'content-type': frontend.name === 'jsonrpc' ? 'application/json' : 'text/xml' };
  const reply = await request(frontend.routes(fakeContext(api)), 'POST', path, { body, headers });
  expect(reply.status, String(reply.body)).to.equal(200);
  return api.calls[0];
};
/** Methods that frontends answer by themselves never reach the core. */
const reachCore = [...api.methods.values()].filter(({ name }) => !name.startsWith('system.'));

describe('Examples in the documentation', () => {
  const wires: [title: string, frontend: Frontend, path: string, body: (code: string) => string][] = [
    ['XML-RPC (curl)', xmlrpc, '/RPC2', heredoc],
    ['SOAP (curl)', soap, '/soap', heredoc],
    ['JSON-RPC (curl)', jsonrpc, '/jsonrpc', (code) => /-d '(.*)'$/.exec(code)?.[1] ?? ''],
  ];
  for (const [title, frontend, path, body] of wires) {
    it(`of every method can be sent: ${title}`, async () => {
      for (const one of reachCore) {
        const call = await received(frontend, path, body(codeOf(one, title)));
        expect(call?.method, one.name).to.equal(one.name);
        expect(call?.params, one.name).to.deep.include(one.example.params);
      }
    });
  }

  it('use positions where they can, and one struct where a parameter is left out', () => {
    expect(codeOf(api.methods.get('vm.start')!, 'Python')).to.match(/print\(api\.vm\.start\("web1"\)\)$/);
    expect(codeOf(api.methods.get('vm.list')!, 'Ruby')).to.match(
      /'vm\.list', \{'state' => 'running', 'limit' => 1\}\)$/,
    );
  });

  it('send credentials only where they are needed', () => {
    expect(codeOf(api.methods.get('vm.start')!, 'Perl')).to.include('http://USER:PASSWORD@127.0.0.1:8420/RPC2');
    expect(codeOf(api.methods.get('system.version')!, 'Perl')).to.include("'http://127.0.0.1:8420/RPC2'");
  });

  const nested = method('test.nested', {
    since: '1.0',
    doc: 'Everything.',
    params: {
      text: string('Text.'),
      at: time('A time.'),
      many: list(record('One', 'One.', { on: bool('On.'), size: number('Size.') }), 'Many.'),
      labels: map('Labels.'),
      left: optional(string('Left out.')),
    },
    result: string('Nothing.'),
    returns: 'Nothing.',
    permission: 'read',
    example: {
      params: { text: "it's <b>", at: '2026-01-31T12:00:00.000Z', many: [{ on: true, size: 2 }], labels: { a: 'b' } },
      result: '',
    },
  });

  it('write values as each language does', () => {
    const at = '2026-01-31T12:00:00.000Z';
    expect(codeOf(nested, 'Python')).to.include(
      `test.nested("it's <b>", "${at}", [{"on": True, "size": 2.0}], {"a": "b"})`,
    );
    expect(codeOf(nested, 'Ruby')).to.include(`'it\\'s <b>', '${at}', [{'on' => true, 'size' => 2.0}], {'a' => 'b'}`);
    expect(codeOf(nested, 'Perl')).to.include("[{'on' => XMLRPC::Data->type(boolean => 1), 'size' => 2.0}]");
    expect(codeOf(nested, 'PHP (SOAP)')).to.include(
      "'many' => ['item' => [['on' => true, 'size' => 2.0]]], 'labels' => ['item' => [['key' => 'a', 'value' => 'b']]]",
    );
    expect(codeOf(nested, 'JSON-RPC (curl)')).to.include(`"it'\\''s <b>"`);
  });

  it('write XML as its wire has it', () => {
    expect(xmlrpcRequest(nested)).to.include("<string>it's &lt;b&gt;</string>");
    expect(xmlrpcRequest(nested)).to.include('<dateTime.iso8601>20260131T12:00:00</dateTime.iso8601>');
    expect(xmlrpcRequest(nested)).to.include('<double>2</double>');
    expect(codeOf(nested, 'SOAP (curl)').replace(/\s+/g, '')).to.include(
      '<many><item><on>true</on><size>2</size></item></many><labels><item><key>a</key><value>b</value></item></labels>',
    );
  });
});
