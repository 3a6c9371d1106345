/** Long values of an existing contract: read as short ones are, in slices. */
import { expect } from 'chai';
import { contractService, methodsFor, readContract } from '../../../daemon/frontends/soap/contract/index.ts';
import type { SimpleType } from '../../../daemon/frontends/soap/contract/schema/types.ts';
import { simpleFrom } from '../../../daemon/frontends/soap/contract/values/simple.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { builtins } from '../../../daemon/frontends/soap/values/builtins.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { Slice } from '../../../plugin-protocol/slices.ts';
import { countTurns, torn, toTheEnd } from '../../support/slices.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';
import { wsdlWith } from './small-contract.ts';

const names = 'xmlns:x="http://www.w3.org/2001/XMLSchema-instance" xmlns:d="http://www.w3.org/2001/XMLSchema"';
const schema = `
  <xs:complexType name="Sized"><xs:simpleContent><xs:extension base="xs:base64Binary">
    <xs:attribute name="size" type="xs:int"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:simpleType name="Words"><xs:list itemType="xs:token"/></xs:simpleType>`;

/** Asks with one value of that type; tells what the method got, and how many turns others had. */
const ask = async (type: string, text: string, attributes = '') => {
  const op = `<xs:element name="Op"><xs:complexType><xs:sequence><xs:element name="v" type="${type}"/></xs:sequence></xs:complexType></xs:element>`;
  const contract = readContract('t.wsdl', wsdlWith(schema, op), defaultLimits.xml, { readFile: () => undefined });
  const methods = methodsFor(contract, 't');
  const api = fakeApi();
  let got: unknown;
  // What the core checks is its own matter.
  api.call = async (_, params) => {
    got = params.v;
    return {};
  };
  const route = serve(contractService({ contract, path: '/soap/t', methods }, defaultLimits), fakeContext(api));
  const turnsOfOthers = countTurns();
  const reply = await request([route], 'POST', '/soap/t', {
    body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" ${names}><e:Body><Op xmlns="urn:t"><v${attributes}>${text}</v></Op></e:Body></e:Envelope>`,
  });
  return { turns: turnsOfOthers(), status: reply.status, got };
};

const lines = `${'A'.repeat(76)}\n`.repeat(50_000);
const bytes = lines.replaceAll('\n', '');
const digits = '0a'.repeat(1_500_000);
const ofDigits = Buffer.from(digits, 'hex').toString('base64');
const references = '&#65;'.repeat(400_000);
const letters = 'A'.repeat(400_000);
const text = 'é😀 '.repeat(300_000);
const coded = Buffer.from(text).toString('base64');

describe('A long value of a contract', () => {
  const cases: [what: string, type: string, text: string, got: unknown, attributes?: string][] = [
    ['base64', 'xs:base64Binary', lines, bytes],
    ['hexadecimal digits', 'xs:hexBinary', ` ${digits}\n`, ofDigits],
    ['bytes sent as text', 'xs:base64Binary', text, coded, ' x:type="d:string"'],
    ['hexadecimal digits sent as base64', 'xs:hexBinary', lines, bytes, ' x:type="d:base64Binary"'],
    ['references', 'xs:string', references, letters],
    ['CDATA sections', 'xs:string', '<![CDATA[A]]>'.repeat(400_000), letters],
    ['text sent as base64', 'xs:string', coded, text, ' x:type="d:base64Binary"'],
    ['text whose white space is put right', 'xs:token', text.replaceAll(' ', ' \n '), text.trim()],
    ['words', 't:Words', 'word\n'.repeat(90_000), Array(90_000).fill('word')],
    ['base64 with attributes', 't:Sized', lines, { size: 3, value: bytes }, ' size="3"'],
    ['what anything may be, untyped', 'xs:anyType', references, letters],
    ['what anything may be, bytes', 'xs:anyType', lines, { $bytes: bytes }, ' x:type="d:base64Binary"'],
    ['members', 'xs:anyType', Array.from({ length: 90_000 }, (_, i) => `<m${i}>a</m${i}>`).join(''), undefined],
  ];
  for (const [what, type, value, meant, attributes] of cases) {
    it(`of ${what} gives others their turn`, async () => {
      const { turns, status, got } = await ask(type, value, attributes);
      expect(status).to.equal(200);
      if (meant === undefined) expect(Object.keys(got as object)).to.have.lengthOf(90_000);
      else expect(JSON.stringify(got) === JSON.stringify(meant)).to.equal(true);
      expect(turns).to.be.greaterThan(5);
    });
  }
});

describe('A simple value in slices', () => {
  const slice = new Slice(0);
  const told = (read: () => unknown): string => {
    try {
      return JSON.stringify(read()) ?? 'unset';
    } catch (error) {
      return `${(error as Error).name} ${(error as Error).message}`;
    }
  };
  const simple = (name: string, more: Partial<SimpleType> = {}): SimpleType => ({
    kind: 'simple',
    builtin: builtins.get(name)!,
    facets: {},
    ...more,
  });
  const types: [string, SimpleType][] = [
    ...['string', 'normalizedString', 'token', 'base64Binary', 'hexBinary', 'int'].map((name): [string, SimpleType] => [
      name,
      simple(name),
    ]),
    ['list of int', simple('string', { items: simple('int') })],
    ['union', simple('string', { union: [simple('int'), simple('hexBinary')] })],
    ['of few characters', simple('token', { facets: { maxLength: 12_289 } })],
  ];
  const units = ['A', '12 ', ' \t1\r\n', '0a', '😀', ' '];

  for (const [name, type] of types) {
    it(`is what it is in one: ${name}`, () => {
      const make = simpleFrom(type);
      for (const unit of units) {
        for (const length of [0, 1, 3, 6_143, 6_144, 6_145, 12_288, 12_289, 20_000]) {
          for (const [before, after] of [
            ['', ''],
            [' ', ' \n '],
            ['', '*'],
            ['\n', 'é'],
          ] as const) {
            const value = `${before}${unit.repeat(Math.ceil(length / unit.length))}${after}`;
            const shown = `${length} of ${JSON.stringify(unit)} between ${JSON.stringify([before, after])}`;
            const inOne = told(() => make(value));
            expect(told(() => toTheEnd(make.inSlices(torn(value), slice))) === inOne, shown).to.equal(true);
          }
        }
      }
    });
  }

  it('of a union may be nothing that counts as false', () => {
    const make = simpleFrom(simple('string', { union: [simple('int'), simple('boolean')] }));
    for (const value of ['0', 'false', '1']) {
      expect(make(value)).to.equal(value);
      expect(toTheEnd(make.inSlices([value], slice))).to.equal(value);
    }
    expect(() => make('two')).to.throw('is of none of the types');
  });
});
