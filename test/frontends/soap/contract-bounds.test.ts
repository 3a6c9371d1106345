/** Contracts that mean harm, or are long: each is read, or refused with its place, before long. */
import { expect } from 'chai';
import { contractService, methodsFor, readContract } from '../../../daemon/frontends/soap/contract/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { wsdlWith } from './small-contract.ts';

const depth = 8;
const limits = { ...defaultLimits, xml: { ...defaultLimits.xml, depth, nodes: 2000 } };

const compile = (schema: string, of = limits): void => {
  const contract = readContract('a.wsdl', wsdlWith(schema), of.xml);
  contractService({ contract, path: '/soap/a', methods: methodsFor(contract, 'a') }, of);
};
const refusal = (schema: string): string | undefined => {
  try {
    compile(schema);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return undefined;
};

const each = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('');
const chained = {
  complexType: (i: number) =>
    `<xs:complexType name="t${i}"><xs:complexContent><xs:extension base="t:t${i + 1}"/></xs:complexContent></xs:complexType>`,
  simpleType: (i: number) => `<xs:simpleType name="t${i}"><xs:restriction base="t:t${i + 1}"/></xs:simpleType>`,
  group: (i: number) => `<xs:group name="t${i}"><xs:sequence><xs:group ref="t:t${i + 1}"/></xs:sequence></xs:group>`,
};
const last = {
  complexType: '<xs:complexType name="LAST"/>',
  simpleType: '<xs:simpleType name="LAST"><xs:restriction base="xs:int"/></xs:simpleType>',
  group:
    '<xs:group name="LAST"><xs:sequence/></xs:group><xs:complexType name="U"><xs:group ref="t:t0"/></xs:complexType>',
};

describe('A contract', () => {
  for (const kind of ['complexType', 'simpleType', 'group'] as const) {
    it(`may have a ${kind} that needs others, each the next, to the depth of documents`, () => {
      const chain = (length: number) => each(length, chained[kind]) + last[kind].replace('LAST', `t${length}`);
      // A group is in a type, which counts.
      const most = kind === 'group' ? depth - 2 : depth - 1;
      expect(refusal(chain(most))).to.equal(undefined);
      expect(refusal(chain(most + 1))).to.match(
        /^ContractError: a\.wsdl:\d+: <xs:\w+ name="t\d"> is needed by more than 8 others, each by the next\.$/,
      );
    });
  }

  it('whose groups or unions stand for more than there is time for is refused', () => {
    const doubled = (open: string, inner: (name: string) => string, close: string, end: string) =>
      each(30, (i) => open.replace('NAME', `d${i}`) + inner(`t:d${i + 1}`) + close) + end;
    const twice = (word: string) => (name: string) => `<xs:${word} ref="${name}"/>`.repeat(2);
    const wide = { ...limits, xml: { ...limits.xml, depth: 64 } };
    const cases = [
      doubled(
        '<xs:group name="NAME"><xs:sequence>',
        twice('group'),
        '</xs:sequence></xs:group>',
        '<xs:group name="d30"><xs:sequence/></xs:group><xs:complexType name="U"><xs:group ref="t:d0"/></xs:complexType>',
      ),
      doubled(
        '<xs:attributeGroup name="NAME">',
        twice('attributeGroup'),
        '</xs:attributeGroup>',
        '<xs:attributeGroup name="d30"/><xs:complexType name="U"><xs:attributeGroup ref="t:d0"/></xs:complexType>',
      ),
      doubled(
        '<xs:simpleType name="NAME">',
        (name) => `<xs:union memberTypes="${name} ${name}"/>`,
        '</xs:simpleType>',
        '<xs:simpleType name="d30"><xs:restriction base="xs:int"/></xs:simpleType>',
      ),
    ];
    for (const schema of cases) {
      expect(() => compile(schema, wide)).to.throw(/ is one of more than 2000 groups and unions within others\.$/);
    }
  });

  it('may have types within types by the thousand', () => {
    const nested = (i: number) =>
      `<xs:complexType name="n${i}"><xs:sequence><xs:element name="a" type="t:n${i + 1}" minOccurs="0"/></xs:sequence></xs:complexType>`;
    const root =
      '<xs:element name="Op"><xs:complexType><xs:sequence><xs:element name="a" type="t:n0"/></xs:sequence></xs:complexType></xs:element>';
    const contract = readContract(
      'a.wsdl',
      wsdlWith(`${each(5000, nested)}<xs:complexType name="n5000"/>`, root),
      defaultLimits.xml,
    );
    const methods = methodsFor(contract, 'a');
    const service = contractService({ contract, path: '/soap/a', methods }, defaultLimits);
    expect(service.contract!.document('http://b/', undefined)).to.include('name="n5000"');
  });

  it('may have no more than 64 operations of one name', () => {
    const bound = /(<operation name="Op"><soap:operation.*?<\/operation>)/s;
    const one = '<operation name="Op"><input message="t:I"/><output message="t:O"/></operation>';
    const overloaded = (times: number) =>
      wsdlWith('').replace(one, one.repeat(times)).replace(bound, '$1'.repeat(times));
    expect(() => readContract('a.wsdl', overloaded(64), defaultLimits.xml)).to.throw(/names of its messages/);
    expect(() => readContract('a.wsdl', overloaded(65), defaultLimits.xml)).to.throw(
      /<operation name="Op"> is there more than 64 times \(overloaded\)\.$/,
    );
  });
});
