import { expect } from 'chai';
import { decodeXml, xmlTextInSlices } from '../../daemon/wire/charset.ts';
import { inSlices, Slice, type Slices } from '../../daemon/wire/slices.ts';
import { XmlFault } from '../../daemon/wire/xml.ts';

describe('work in slices', () => {
  const work = function* (times: number): Slices<number> {
    for (let time = 0; time < times; time++) yield;
    return times;
  };

  it('is done at once when it is not interrupted', () => {
    expect(inSlices(work(0))).to.equal(0);
  });

  it('lets others have their turn when it is', async () => {
    let turns = 0;
    let over = false;
    const other = () => {
      turns++;
      if (!over) setImmediate(other);
    };
    setImmediate(other);
    expect(await inSlices(work(5))).to.equal(5);
    over = true;
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
});

describe('a long document', () => {
  const read = async (bytes: Buffer, charset?: string) => inSlices(xmlTextInSlices(bytes, charset));
  const long = `<a>\r\n${'é😀\r\nabc\r'.repeat(60_000)}</a>`;

  it('is decoded in pieces as it is in one, its line ends normalized', async () => {
    for (let shift = 0; shift < 6; shift++) {
      const text = ' '.repeat(shift) + long;
      const { text: seen, prepared } = await read(Buffer.from(text));
      expect([seen === text.replace(/\r\n?/g, '\n'), prepared]).to.deep.equal([true, true]);
    }
  });

  it('is read after a byte order mark, and as a whole in another character set', async () => {
    const marked = await read(Buffer.from(`\ufeff${long}`));
    expect([marked.prepared, marked.text.startsWith('<a>')]).to.deep.equal([true, true]);
    const latin = long.replaceAll('😀', '');
    const other = await read(Buffer.from(latin, 'latin1'), 'iso-8859-1');
    expect([other.prepared, other.text === latin]).to.deep.equal([false, true]);
  });

  it('is refused with the same words as when it is decoded in one', async () => {
    const broken = Buffer.concat([Buffer.from(long), Buffer.from([0xc3, 0x28]), Buffer.from(long)]);
    const failureOf = async (action: () => unknown): Promise<unknown> => {
      try {
        return await action();
      } catch (error) {
        return error;
      }
    };
    const [whole, sliced] = [await failureOf(() => decodeXml(broken)), await failureOf(() => read(broken))];
    expect(sliced).to.be.instanceOf(XmlFault);
    expect(String(sliced)).to.equal(String(whole));
  });

  it('leaves a character that XML does not have to the tokenizer, which says where', async () => {
    expect((await read(Buffer.from(`${long}\u0007${long}`))).prepared).to.equal(false);
  });
});
