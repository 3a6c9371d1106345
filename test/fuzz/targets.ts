/** What is fuzzed: one row a property, all of them checked by the tests for a moment and by `npm run fuzz` for long. */
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { xmlrpc } from '../../daemon/frontends/xmlrpc/index.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { xmlSource } from '../../daemon/wire/charset.ts';
import { XmlFault } from '../../daemon/wire/xml.ts';
import { ApiDouble } from '../support/api-double.ts';
import { LogDouble, posting, routesOf } from '../support/post.ts';
import { randomFrom } from '../support/random.ts';
import { expectAlike, textOf } from '../wire/document.ts';
import { requestsOf, startServers, wrongBeside } from '../wire/http-oracle.ts';
import { generate, isFair, ours, theirs } from '../wire/xml-oracle.ts';
import { contentRoundTrip } from './contents.ts';
import { kept, requests } from './corpus.ts';
import { roundTrip, ways } from './round-trip.ts';
import { sample } from './shapes.ts';

type Random = (below: number) => number;

const seeds = fc.integer({ min: 0, max: 0x7fffffff });

/** The same call in other words: white space between tags, other names of types, members turned around. */
const rewritten = (request: string, random: Random): string => {
  const white = () => ['', '', '\n  ', '\t'][random(4)]!;
  return request
    .replace(/<member>(<name>[^<]*<\/name>)(<value><(\w+)>[^<]*<\/\3><\/value>)/g, (whole, name, value) =>
      random(4) === 0 ? `<member>${value}${name}` : whole,
    )
    .replace(/<string>([^<]*)<\/string>/g, (whole, text) => {
      if (random(3) === 0) return text;
      return random(3) === 0 && !/[&\r]/.test(text) ? `<string><![CDATA[${text}]]></string>` : whole;
    })
    .replace(/<int>(-?)(\d+)<\/int>/g, (whole, sign, digits) =>
      random(3) === 0 ? `<i4> ${sign === '-' ? '-' : '+'}0${digits}\n</i4>` : whole,
    )
    .replace(
      /<base64>([^<]*)<\/base64>/g,
      (_whole, digits) => `<base64>${digits.replace(/(.{4})/g, `$1${white()}`)}</base64>`,
    )
    .replace(/<\/?(?:struct|array|data|member)>|<\/value>|<value>(?=<[^/])/g, (tag) => tag + white())
    .replaceAll('<data></data>', () => ['<data/>', '<data> </data>'][random(2)]!);
};

/** A body with pieces of others, with bytes changed, and tags put elsewhere. */
const damaged = (bodies: readonly Buffer[], random: Random): Buffer => {
  const pick = (): string => bodies[random(bodies.length)]!.toString('latin1');
  let text = pick();
  for (let times = random(4); times >= 0; times--) {
    const at = random(text.length + 1);
    const other = pick();
    const from = random(other.length);
    const tags = [...other.matchAll(/<[^<>]+>[^<]*/g)];
    const tag = tags[random(Math.max(1, tags.length))]?.[0] ?? '<a/>';
    const [before, after] = [text.slice(0, at), text.slice(at)];
    switch (random(6)) {
      case 0:
        text = before + String.fromCharCode(random(256)) + after.slice(1);
        break;
      case 1:
        text = before + after.slice(random(30));
        break;
      case 2:
        text = before + other.slice(from, from + random(60)) + after;
        break;
      case 3:
        text = before + after.slice(0, random(80)) + after;
        break;
      default: {
        const next = text.indexOf('<', at);
        if (next >= 0) text = text.slice(0, next) + tag + text.slice(next + (random(2) === 0 ? 0 : tag.length));
      }
    }
  }
  return Buffer.from(text, 'latin1');
};

const isWellFormed = (text: string): boolean => {
  let right = true;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', () => {
    right = false;
  });
  parser.write(text).close();
  return right;
};

/** A body that was answered wrongly; it is kept. */
export class WrongAnswer extends Error {
  readonly body: Buffer;
  constructor(body: Buffer, message: string) {
    super(`${message}\nThe request: ${body.toString('latin1')}`);
    this.name = 'WrongAnswer';
    this.body = body;
  }
}

const answering = (wire: 'xmlrpc' | 'soap') => {
  const bodies = [...requests(wire), ...kept()];
  const log = new LogDouble();
  const post = posting(routesOf(wire === 'soap' ? soap : xmlrpc, new ApiDouble(), defaultLimits, log));
  const path = wire === 'soap' ? '/soap' : '/RPC2';
  return {
    bodies,
    answer: async (body: Buffer): Promise<void> => {
      const before = log.errors.length;
      const reply = await post(path, body, { 'content-type': 'text/xml' });
      if (log.errors.length > before) throw new WrongAnswer(body, JSON.stringify(log.errors.at(-1)));
      if (!isWellFormed(reply.body)) throw new WrongAnswer(body, `The reply is no XML: ${reply.body}`);
    },
  };
};

/** The same of both: accepted with the same events, or refused. */
const compare = (text: string): void => {
  if (!isFair(text)) return;
  const [mine, other] = [JSON.stringify(ours(text)), JSON.stringify(theirs(text))];
  if (mine !== other) throw new WrongAnswer(Buffer.from(text), `Read as ${mine}, by saxes as ${other}.`);
};

const backAndForth = (name: string, change?: (request: string, random: Random) => string) => {
  const way = ways[name]!;
  return fc.asyncProperty(sample, seeds, ({ shape, value }, seed) =>
    roundTrip(way, shape, value, change && ((request) => change(request, randomFrom(seed)))),
  );
};

export interface Target {
  property: fc.IAsyncProperty<unknown>;
  /** Bodies that are tried before any that is made up. */
  corpus?: () => Promise<void>;
}

const damagedOf = (wire: 'xmlrpc' | 'soap'): Target => {
  const { bodies, answer } = answering(wire);
  return {
    property: fc.asyncProperty(seeds, (seed) => answer(damaged(bodies, randomFrom(seed)))) as Target['property'],
    corpus: async () => {
      for (const body of bodies) await answer(body);
    },
  };
};

export const targets: Record<string, Target> = {
  ...Object.fromEntries(
    Object.keys(ways).map((name) => [`values over ${name}`, { property: backAndForth(name) as Target['property'] }]),
  ),
  'values over XML-RPC in other words': { property: backAndForth('XML-RPC', rewritten) as Target['property'] },
  'contents of contracts': {
    property: fc.asyncProperty(seeds, (seed) => contentRoundTrip(randomFrom(seed))) as Target['property'],
  },
  'damaged requests over XML-RPC': damagedOf('xmlrpc'),
  'damaged requests over SOAP': damagedOf('soap'),
  "HTTP beside Node's": {
    property: fc.asyncProperty(seeds, async (seed) => {
      const random = randomFrom(seed);
      const servers = await startServers();
      try {
        for (let times = 10; times > 0; times--) {
          const told = requestsOf(random);
          const wrong = wrongBeside(told, await servers.ask('ours', told), await servers.ask('theirs', told));
          if (wrong !== undefined)
            throw new Error(`${wrong}\nTold: ${JSON.stringify(told.map((piece) => piece.toString('latin1')))}`);
        }
      } finally {
        await servers.stop();
      }
    }) as Target['property'],
  },
  'the tokenizer in pieces': {
    property: fc.asyncProperty(seeds, async (seed) => {
      await expectAlike(Buffer.from(generate(randomFrom(seed))));
    }) as Target['property'],
    corpus: async () => {
      for (const body of [...requests('xmlrpc'), ...requests('soap'), ...kept()]) await expectAlike(body);
    },
  },
  'the tokenizer beside saxes': {
    property: fc.asyncProperty(seeds, async (seed) => compare(generate(randomFrom(seed)))) as Target['property'],
    corpus: async () => {
      for (const body of [...requests('xmlrpc'), ...requests('soap'), ...kept()]) {
        let text: string | undefined;
        try {
          text = textOf(xmlSource(body));
        } catch (error) {
          if (error instanceof XmlFault) continue;
          throw error;
        }
        if (text !== undefined) compare(text);
      }
    },
  },
};
