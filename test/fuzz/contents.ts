/** What elements of a contract hold, at random: what a call has of it must be answered as it came. */
import { contractService, methodsFor, readContract } from '../../daemon/frontends/soap/contract/index.ts';
import { serve } from '../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { fakeApi, fakeContext, request } from '../frontends/fake-api.ts';
import { wsdlWith } from '../frontends/soap/small-contract.ts';
import { textOf } from '../support/post.ts';

type Random = (below: number) => number;

/** A part of a content: elements, groups of them, or what is of another namespace. */
interface Particle {
  is: 'element' | 'any' | 'sequence' | 'choice';
  name: string;
  least: number;
  most: number;
  of: Particle[];
}

const occurrences = [
  [1, 1],
  [1, 1],
  [0, 1],
  [0, Infinity],
  [1, Infinity],
  [0, 3],
  [2, 3],
] as const;

/** `names` are those that are taken: each element has its own, and one alone is any. */
const particle = (random: Random, names: Set<string>, depth: number): Particle => {
  const [least, most] = occurrences[random(occurrences.length)]!;
  if (depth > 0 && random(3) > 0) {
    const of = Array.from({ length: 1 + random(3) }, () => particle(random, names, depth - 1));
    return { is: random(2) === 0 ? 'sequence' : 'choice', name: '', least, most, of };
  }
  const isAny = random(12) === 0 && !names.has('any');
  const name = isAny ? 'any' : `e${names.size}`;
  names.add(name);
  return { is: isAny ? 'any' : 'element', name, least, most, of: [] };
};

const declared = ({ is, name, least, most, of }: Particle): string => {
  const times = ` minOccurs="${least}" maxOccurs="${most === Infinity ? 'unbounded' : most}"`;
  if (is === 'element') return `<xs:element name="${name}" type="xs:string"${times}/>`;
  if (is === 'any') return `<xs:any namespace="##other" processContents="skip"${times}/>`;
  return `<xs:${is}${times}>${of.map(declared).join('')}</xs:${is}>`;
};

/** Elements as the content has them; each has a number of its own, so that all are told apart. */
const drawn = ({ is, name, least, most, of }: Particle, random: Random, next: () => number): string => {
  let text = '';
  for (let left = least + random(Math.min(most - least, 3) + 1); left > 0; left--) {
    if (is === 'element') text += `<${name}>${next()}</${name}>`;
    else if (is === 'any') text += `<x xmlns="urn:o">${next()}</x>`;
    else if (is === 'choice') text += drawn(of[random(of.length)]!, random, next);
    else for (const one of of) text += drawn(one, random, next);
  }
  return text;
};

const holding = (name: string): string =>
  `<xs:element name="${name}"><xs:complexType><xs:sequence><xs:element name="v" type="t:V"/></xs:sequence></xs:complexType></xs:element>`;

/** Throws when what was sent is refused, or comes back as something else. */
export const contentRoundTrip = async (random: Random): Promise<void> => {
  const names = new Set<string>();
  const of = Array.from({ length: 1 + random(4) }, () => particle(random, names, 2));
  const [least, most] = occurrences[random(occurrences.length)]!;
  const top: Particle = { is: random(2) === 0 ? 'sequence' : 'choice', name: '', least, most, of };
  const schema = `<xs:complexType name="V">${declared(top)}</xs:complexType>`;
  const wsdl = wsdlWith(schema, holding('Op'), holding('OpResponse'));
  const contract = readContract('t.wsdl', wsdl, defaultLimits.xml, { readFile: () => undefined });
  const methods = methodsFor(contract, 't');
  const api = fakeApi();
  api.does.set('t.Op', ({ v }) => v);
  const routes = [serve(contractService({ contract, path: '/soap/t', methods }, defaultLimits), fakeContext(api))];
  for (let times = 3; times > 0; times--) {
    let count = 0;
    const sent = drawn(top, random, () => count++);
    const body = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><Op xmlns="urn:t"><v>${sent}</v></Op></e:Body></e:Envelope>`;
    const reply = textOf((await request(routes, 'POST', '/soap/t', { body })).body);
    const [, back = ''] = /<v>(.*)<\/v>/s.exec(reply.replaceAll('ns1:', '')) ?? [];
    if (back === sent && !reply.includes('faultstring')) continue;
    throw new Error(
      `Of ${schema} was sent ${sent}, read ${JSON.stringify(api.calls.at(-1)?.params)}, and got ${reply}`,
    );
  }
};
