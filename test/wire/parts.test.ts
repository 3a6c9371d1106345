/** Long texts in parts. */
import { expect } from 'chai';
import { chunkLength, pool } from '../../daemon/wire/chunk-pool.ts';
import {
  beginningOf,
  GrowingText,
  lengthOfParts,
  PassingText,
  partsAfter,
  type TextParts,
  textInSlices,
  textOfParts,
} from '../../daemon/wire/parts.ts';
import { Slice } from '../../plugin-protocol/slices.ts';
import { randomFrom } from '../support/random.ts';
import { toTheEnd } from '../support/slices.ts';

const lengths = [1, 10, 1000, 65_535, 65_536, 70_000, 200_000];

/** That text, added in pieces. */
const grown = <T extends GrowingText>(text: T, all: string, seed: number): T => {
  const random = randomFrom(seed);
  for (let from = 0; from < all.length; ) {
    const to = from + 1 + random(lengths[seed % lengths.length]!);
    text.add(all.slice(from, to));
    from = to;
  }
  return text;
};

describe('a text that grows', () => {
  for (const unit of ['abc\n', 'aé', '日本', '😀x']) {
    for (const kind of [GrowingText, PassingText]) {
      it(`of ${JSON.stringify(unit)} is the same each time it is gone through, as ${kind.name}`, () => {
        const all = unit.repeat(400_000 / unit.length);
        for (let seed = 0; seed < lengths.length; seed++) {
          const text = grown(new kind(), all, seed);
          expect([text.length, lengthOfParts(text)]).to.deep.equal([all.length, all.length]);
          expect(textOfParts(text) === all && textOfParts(text) === all, `pieces of up to ${lengths[seed]}`).to.equal(
            true,
          );
          expect(toTheEnd(textInSlices(text, new Slice(0))) === all).to.equal(true);
          expect(beginningOf(text, 70_001)).to.equal(all.slice(0, 70_001));
          // A string that V8 keeps apart begins at 128 Ki.
          for (const part of text) if (lengths[seed]! <= 65_536) expect(part.length).to.be.lessThan(128 * 1024);
        }
      });
    }
  }

  it('keeps what shows that it is too long, and counts the rest', () => {
    const text = grown(new GrowingText(100), 'x'.repeat(1_000_000), 2);
    expect(text.length).to.equal(1_000_000);
    expect(textOfParts(text).length).to.be.within(100, 1100);
    expect(
      toTheEnd(textInSlices(grown(new GrowingText(), 'x'.repeat(1_000_000), 2), new Slice(), 100)).length,
    ).to.be.within(100, 200_000);
  });

  it('is outside of the heap where it only passes, in memory that is used again', () => {
    const text = grown(new PassingText(), 'x'.repeat(10_000_000), 3);
    expect(textOfParts(text).length).to.equal(10_000_000);
    text.release();
    const before = process.memoryUsage().arrayBuffers;
    const chunks = Array.from({ length: Math.floor(10_000_000 / chunkLength) }, () => pool.take());
    expect(process.memoryUsage().arrayBuffers).to.equal(before);
    for (const chunk of chunks) {
      expect(chunk.equals(Buffer.alloc(chunkLength, 'x'))).to.equal(true);
      pool.giveBack(chunk);
    }
  });

  it('is made of texts that follow one another, each gone through once: a sender can make a hundred thousand of them', () => {
    let times = 0;
    const text: TextParts = {
      *[Symbol.iterator]() {
        times++;
        yield 'ab';
      },
    };
    let all: TextParts | undefined;
    for (let count = 0; count < 10_000; count++) all = partsAfter(all, text);
    expect([times, textOfParts(all!) === 'ab'.repeat(10_000), lengthOfParts(all!)]).to.deep.equal([
      10_000,
      true,
      20_000,
    ]);
  });
});
