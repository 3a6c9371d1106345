/**
 * Every file in `test/vectors/soap` is a wire case: a sentence, then `=== request` with header lines, an empty line and
 * the document, then either `=== call` with the method and its checked parameters as JSON, or `=== reply STATUS TYPE` with
 * the document, one tag a line. Requests named after clients were captured from them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const folder = new URL('../../vectors/soap/', import.meta.url);

const read = (file: string) => {
  const [sentence, ...sections] = readFileSync(new URL(file, folder), 'utf8').split(/^=== /m);
  const section = (name: string) => sections.find((one) => one.startsWith(name))?.slice(name.length);
  const [head, ...body] = section('request')!.split('\n\n');
  const headers = Object.fromEntries(
    head!
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return {
    sentence: sentence!.trim(),
    headers,
    body: body.join('\n\n').trim(),
    call: section('call'),
    reply: section('reply'),
  };
};

const onOneLine = (xml: string) => xml.split('\n').join('');

describe('SOAP on the wire', () => {
  for (const file of readdirSync(folder).sort()) {
    const { sentence, headers, body, call, reply } = read(file);
    it(`${sentence} (${file})`, async () => {
      const api = fakeApi();
      const answer = await request(soap.routes(fakeContext(api)), 'POST', '/soap', { body, headers });
      const called = api.calls.map(({ method, params }) => ({ method, params }));
      if (call !== undefined) {
        const [, method, params] = /^ *(\S+) (.*)$/s.exec(call.trim())!;
        expect(called, String(answer.body)).to.deep.equal([{ method, params: JSON.parse(params!) }]);
        expect(answer.status).to.equal(200);
      }
      if (reply !== undefined) {
        const [, status, type, document] = /^ (\d+) (.*?)\n(.*)$/s.exec(reply)!;
        expect(called).to.deep.equal([]);
        expect(onOneLine(String(answer.body))).to.equal(
          `<?xml version="1.0" encoding="UTF-8"?>${onOneLine(document!)}`,
        );
        expect([answer.status, answer.headers['Content-Type']]).to.deep.equal([Number(status), type]);
      }
      expect(call ?? reply, 'what is expected').to.be.a('string');
    });
  }
});
