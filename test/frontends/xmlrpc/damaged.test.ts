import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { SaxesParser } from 'saxes';
import { xmlrpc } from '../../../daemon/frontends/xmlrpc/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { ApiDouble } from '../../support/api-double.ts';
import { LogDouble, posting, routesOf } from '../../support/post.ts';
import { randomFrom } from '../../support/random.ts';

const folder = new URL('../../vectors/xmlrpc/', import.meta.url);
const requests = readdirSync(folder).map((file) => {
  const text = readFileSync(new URL(file, folder), 'utf8');
  return text.slice(text.indexOf('== request\n') + 11, text.indexOf('== reply\n'));
});

const wellFormed = (text: string): boolean => {
  let wrong = false;
  const parser = new SaxesParser();
  parser.on('error', () => {
    wrong = true;
  });
  parser.write(text).close();
  return !wrong;
};

describe('a damaged XML-RPC request', () => {
  it('is always answered in well-formed XML, and never by an internal fault', async () => {
    const random = randomFrom(42);
    const pick = (): string => requests[random(requests.length)]!;
    const log = new LogDouble();
    const post = posting(routesOf(xmlrpc, new ApiDouble(), defaultLimits, log));
    let faults = 0;
    for (let count = 0; count < 3000; count++) {
      let text = pick();
      for (let damage = random(3); damage >= 0; damage--) {
        const at = random(text.length);
        const other = pick();
        const from = random(other.length);
        // Whole tags change places more often than characters do: what is well-formed gets further.
        const tags = [...text.matchAll(/<[^<>]+>/g)];
        const tag = tags[random(Math.max(1, tags.length))];
        if (tag !== undefined && random(4) > 0) {
          const element = /<(\w+)>[^<]*<\/\1>/.exec(other.slice(from))?.[0] ?? '<value><nil/></value>';
          text = text.slice(0, tag.index) + (random(2) === 0 ? element : '') + text.slice(tag.index + tag[0].length);
        } else text = text.slice(0, at) + other.slice(from, from + random(6)) + text.slice(at + random(3));
      }
      const { body } = await post('/RPC2', text);
      expect(wellFormed(body), text).to.equal(true);
      expect(body, text).to.not.contain('-32603');
      if (body.includes('<fault>')) faults++;
    }
    expect(log.errors).to.deep.equal([]);
    expect(faults).to.be.within(1000, 2999);
  });
});
