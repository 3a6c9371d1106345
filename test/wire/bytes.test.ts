/** Bodies in the pieces in which they came, and documents that are read from such. */
import { expect } from 'chai';
import { Bytes, release } from '../../daemon/wire/bytes.ts';
import { xmlSource } from '../../daemon/wire/charset.ts';
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

  it('are copied as little as they can be: a long piece is kept as it is', () => {
    const bytes = new Bytes();
    const pieces = [counted(10), counted(5000), counted(10), counted(10), counted(5000), counted(20_000)];
    for (const piece of pieces) bytes.add(piece);
    const kept = [...bytes];
    expect(kept.map(({ length }) => length)).to.deep.equal([10, 5000, 20, 5000, 20_000]);
    for (const index of [0, 1, 4]) expect(pieces.includes(kept[index]!)).to.equal(true);
  });

  it('are given back without a collection of garbage, but for what is shared', () => {
    const bytes = new Bytes();
    const shared = Buffer.alloc(2 * MiB);
    bytes.add(shared.subarray(MiB));
    for (let piece = 0; piece < 64; piece++) bytes.add(Buffer.allocUnsafeSlow(MiB));
    const before = process.memoryUsage().arrayBuffers;
    release(bytes);
    expect(before - process.memoryUsage().arrayBuffers).to.equal(64 * MiB);
    expect([bytes.length, bytes.subarray(0, MiB).length, bytes.whole().length, shared.length]).to.deep.equal([
      0,
      0,
      0,
      2 * MiB,
    ]);
  });
});

describe('bytes that are read once', () => {
  it('are the same, and given back behind the reader', () => {
    const bytes = new Bytes();
    for (let piece = 0; piece < 64; piece++) bytes.add(Buffer.allocUnsafeSlow(MiB).fill(piece));
    const before = process.memoryUsage().arrayBuffers;
    const passing = bytes.passing();
    for (let at = 0; at < 63.5 * MiB; at += MiB / 2) {
      const some = passing.subarray(at, at + MiB / 2);
      expect([some.length, some[0], some.at(-1)]).to.deep.equal([MiB / 2, Math.floor(at / MiB), Math.floor(at / MiB)]);
    }
    expect(before - process.memoryUsage().arrayBuffers).to.equal(63 * MiB);
    release(bytes);
    expect(before - process.memoryUsage().arrayBuffers).to.equal(64 * MiB);
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
});
