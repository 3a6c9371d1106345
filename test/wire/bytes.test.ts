/** Bodies in the pieces in which they came, and documents that are read from such. */
import { mock } from 'node:test';
import { expect } from 'chai';
import { Bytes, release } from '../../daemon/wire/bytes.ts';
import { xmlSource } from '../../daemon/wire/charset.ts';
import { ChunkPool } from '../../daemon/wire/chunk-pool.ts';
import { randomFrom } from '../support/random.ts';
import { textOf } from './document.ts';

const MiB = 1024 * 1024;

/** So long that a border of a piece is wherever it can be. */
const longest = [1, 2, 3, 5, 1000, 4095, 4096, 5000, 70_000];

const divided = (all: Buffer, seed: number): Bytes => {
  const random = randomFrom(seed);
  const bytes = new Bytes();
  const most = longest[seed % longest.length]!;
  for (let from = 0; from < all.length; ) {
    const to = from + 1 + random(most);
    bytes.add(all.subarray(from, to));
    from = Math.min(to, all.length);
  }
  return bytes;
};
const counted = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) % 256));

describe('the bytes of a body', () => {
  it('are the same however they came, from any place to any other', () => {
    const all = counted(200_000);
    for (let seed = 0; seed < longest.length; seed++) {
      const bytes = divided(all, seed);
      const random = randomFrom(seed);
      expect([bytes.length, bytes.whole().equals(all)]).to.deep.equal([all.length, true]);
      expect(Buffer.concat([...bytes]).equals(all)).to.equal(true);
      for (let times = 0; times < 200; times++) {
        const from = random(all.length);
        const to = from + random(longest[times % longest.length]!);
        expect(bytes.subarray(from, to).equals(all.subarray(from, to)), `${from} to ${to}`).to.equal(true);
      }
      expect(bytes.subarray(all.length, all.length + 9)).to.have.length(0);
    }
  });

  it('are given in one when they are few, and never joined when they are many', () => {
    const short = divided(counted(MiB), 5);
    expect(short.complete()).to.be.instanceOf(Buffer);
    const long = divided(counted(MiB + 1), 5);
    expect(long.complete()).to.equal(long);
    const one = new Bytes();
    const only = counted(2 * MiB);
    one.add(only);
    expect(one.complete()).to.equal(only);
    expect(new Bytes().complete()).to.have.length(0);
  });

  it('are copied as little as they can be: what comes in one piece stays as it is', () => {
    const bytes = new Bytes();
    const piece = counted(5000);
    bytes.add(piece);
    expect([bytes.whole(), [...bytes][0]!.buffer]).to.deep.equal([piece, piece.buffer]);
    expect(bytes.subarray(10, 20).buffer).to.equal(piece.buffer);
    piece[10] = 77;
    bytes.add(counted(10));
    piece[10] = 78;
    expect(bytes.subarray(10, 11)[0]).to.equal(77);
  });

  it('take little memory while they are few', () => {
    const before = process.memoryUsage().arrayBuffers;
    const all = Array.from({ length: 1000 }, () => new Bytes());
    for (const bytes of all) for (let piece = 0; piece < 3; piece++) bytes.add(counted(100));
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(5 * 1000 * 1000);
    for (const bytes of all) bytes.release();
  });

  const filled = (): Bytes => {
    const bytes = new Bytes();
    for (let piece = 0; piece < 64; piece++) bytes.add(Buffer.alloc(MiB, piece));
    return bytes;
  };

  it('have the memory of those before, which are not read any more', () => {
    release(filled());
    const before = process.memoryUsage().external;
    for (let time = 0; time < 5; time++) {
      const bytes = filled();
      expect(bytes.subarray(63 * MiB, 64 * MiB).equals(Buffer.alloc(MiB, 63))).to.equal(true);
      release(bytes);
      expect([bytes.length, bytes.subarray(0, MiB).length, bytes.whole().length]).to.deep.equal([0, 0, 0]);
    }
    // Each piece of the test is a megabyte of its own until it is collected.
    expect(process.memoryUsage().external - before).to.be.below(400 * MiB);
  });

  it('that are read once are the same, and given back behind the reader', () => {
    const bytes = filled();
    const passing = bytes.passing();
    for (let at = 0; at < 64 * MiB; at += MiB / 2) {
      // What reuses the memory would show.
      const other = divided(Buffer.alloc(MiB, 255), 8);
      const some = passing.subarray(at, at + MiB / 2);
      expect([some.length, some[0], some.at(-1)]).to.deep.equal([MiB / 2, Math.floor(at / MiB), Math.floor(at / MiB)]);
      release(other);
    }
    release(bytes);
  });
});

describe('memory that is used again', () => {
  afterEach(() => mock.timers.reset());

  it('is given back to the system once nobody has needed it for a while', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const pool = new ChunkPool();
    const taken = Array.from({ length: 1000 }, () => pool.take());
    const isGiven = ({ buffer }: Buffer) => (buffer as ArrayBuffer).detached;
    const given = () => taken.filter(isGiven).length;
    for (const chunk of taken) pool.giveBack(chunk);
    mock.timers.tick(5000);
    expect([given(), taken.includes(pool.take())]).to.deep.equal([0, true]);
    for (const chunk of [taken.at(-1)!, ...Array.from({ length: 99 }, () => pool.take())]) pool.giveBack(chunk);
    mock.timers.tick(5000);
    expect(given()).to.equal(900);
    mock.timers.tick(5000);
    expect(given()).to.equal(1000);
    const other = Buffer.allocUnsafeSlow(100);
    pool.giveBack(other);
    expect(isGiven(other)).to.equal(true);
  });
});

describe('a document whose bytes are in pieces', () => {
  const line = 'é😀 日本 <b>x</b>\r\n';
  const charsets: [name: string, bytes: (text: string) => Buffer, text: string][] = [
    ['UTF-8', (text) => Buffer.from(text), line],
    ['UTF-8 with a mark', (text) => Buffer.from(`\ufeff${text}`), line],
    ['UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le'), line],
    ['big-endian UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), line],
    ['latin-1', (text) => Buffer.from(`<?xml version="1.0" encoding="latin-1"?>${text}`, 'latin1'), 'é ü <b>x</b>\n'],
  ];
  for (const [name, encode, text] of charsets) {
    it(`of ${name} is read as in one`, () => {
      const all = encode(`<a>${text.repeat(6000)}</a>`);
      const whole = textOf(xmlSource(all));
      expect(whole).to.include(text.repeat(6000));
      for (let seed = 0; seed < longest.length; seed++) {
        const bytes = divided(all, seed);
        expect(textOf(xmlSource(bytes)) === whole, `pieces of up to ${longest[seed]}`).to.equal(true);
        expect(textOf(xmlSource(bytes.passing())) === whole, `the same, read once`).to.equal(true);
      }
    });
  }

  it('of a character set with several bytes a character is read as in one, with others that are read in between', () => {
    const encode = (encoding: string, character: number[]) => {
      const text = Buffer.concat(Array.from({ length: 200_000 }, (_, at) => Buffer.from(at % 7 ? character : [0x61])));
      return Buffer.concat([Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><a>`), text, Buffer.from('</a>')]);
    };
    const all = [
      encode('shift_jis', [0x93, 0xfa]),
      encode('gb18030', [0x94, 0x39, 0xfc, 0x36]),
      encode('utf-8', [0xc3, 0xa9]),
    ];
    const sources = all.map((bytes) => xmlSource(divided(bytes, 8).passing()));
    const texts = all.map(() => '');
    for (let turn = 0, open = sources.length; open > 0; turn++) {
      const index = turn % sources.length;
      const source = sources[index];
      if (source === undefined) continue;
      const { text, wrong, last } = source.next();
      expect(wrong).to.equal(undefined);
      texts[index] += text;
      if (!last) continue;
      delete sources[index];
      open--;
    }
    all.forEach((bytes, index) => {
      expect(texts[index] === textOf(xmlSource(bytes)), String(index)).to.equal(true);
    });
  });
});
