import { expect } from 'chai';
import { randomFrom } from '../support/random.ts';
import { generate, isFair, ours, refused, theirs } from './xml-oracle.ts';

describe('the XML tokenizer beside saxes', () => {
  it('reads, or refuses, 4,000 generated and damaged documents as saxes does', () => {
    const random = randomFrom(20_260_131);
    let read = 0;
    for (let count = 0; count < 4000; count++) {
      const text = generate(random);
      if (!isFair(text)) continue;
      const mine = ours(text);
      expect(mine, text).to.deep.equal(theirs(text));
      if (mine !== refused) read++;
    }
    expect(read).to.be.greaterThan(1000);
  });
});
