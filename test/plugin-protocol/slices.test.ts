import { expect } from 'chai';
import { inSlices, Slice, type Slices } from '../../plugin-protocol/slices.ts';
import { countTurns } from '../support/slices.ts';

describe('work in slices', () => {
  const work = function* (times: number): Slices<number> {
    for (let time = 0; time < times; time++) yield;
    return times;
  };

  it('is done at once when it is not interrupted', () => {
    expect(inSlices(work(0))).to.equal(0);
  });

  it('lets others have their turn when it is', async () => {
    const turnsOfOthers = countTurns();
    expect(await inSlices(work(5))).to.equal(5);
    const turns = turnsOfOthers();
    expect(turns).to.be.at.least(4);
  });

  it('fails with what the work throws, before and after it is interrupted', async () => {
    const failing = function* (times: number): Slices<never> {
      yield* work(times);
      throw new RangeError('No.');
    };
    expect(() => inSlices(failing(0))).to.throw(RangeError);
    const failed = await Promise.resolve(inSlices(failing(2))).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(RangeError);
  });

  it('tells that a slice is over once it has lasted, and not again when the next has begun', () => {
    const slice = new Slice();
    const until = performance.now() + 5;
    while (performance.now() < until);
    expect(slice.overNow()).to.equal(true);
    let over = false;
    for (let step = 0; step < 100; step++) over ||= slice.over();
    expect(over).to.equal(true);
  });

  it('has shorter slices while others have work, and longer ones again once it is alone', () => {
    const last = (ms: number) => {
      for (const until = performance.now() + ms; performance.now() < until; );
    };
    const slice = new Slice();
    const others = (ms: number) => {
      const pause = slice.pause();
      pause.next();
      last(ms);
      pause.next();
    };
    const isOver = (): boolean => {
      last(0.2);
      return slice.overNow();
    };
    others(1);
    expect(isOver()).to.equal(true);
    others(0);
    expect(isOver()).to.equal(true);
    // Another process may have had the processor in between: not each time.
    const alone = Array.from({ length: 50 }, () => {
      for (let turn = 0; turn < 16; turn++) others(0);
      return isOver();
    });
    expect(alone).to.include(false);
  });
});
