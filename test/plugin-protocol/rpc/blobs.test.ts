import { expect } from 'chai';
import { joinParts, partOf, partsFrom } from '../../../plugin-protocol/rpc/blobs.ts';

const text = Buffer.from('{"name":"web1 é😀","tags":["a","b"]}');
const cut = (bytes: Buffer, length: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) => bytes.subarray(at * length, (at + 1) * length));

describe('a value in parts', () => {
  it('is cut into parts of one length, whatever pieces its text is in', () => {
    for (const length of [1, 2, 7, 12, text.length, 100]) {
      for (const piece of [1, 3, 7, 20, 100]) {
        const parts = [...partsFrom(cut(text, piece), length)];
        expect(parts.map(String)).to.deep.equal(cut(text, length).map(String));
      }
    }
    expect([...partsFrom([], 7)]).to.deep.equal([]);
  });

  it('goes into lines of the length that is allowed, but for what no line can do without', () => {
    expect([0, 1024 + 400, 10 ** 9].map(partOf)).to.deep.equal([64, 300, 1024 * 1024]);
  });

  const joined = (answers: (asked: number) => { data: Buffer; end?: boolean }, bytes = text.length) => {
    const asked: object[] = [];
    const read = async (params: object) => {
      const { data, ...rest } = answers(asked.push(params) - 1);
      return { data: data.toString('base64'), ...rest };
    };
    const wrong = (offset: number, end: boolean) => new Error(`${end ? 'ends' : 'goes on'} at ${offset}`);
    return { asked, whole: joinParts({ id: 'b', bytes }, { most: () => 20, read, wrong }) };
  };

  it('is put together as it was', async () => {
    const parts = cut(text, 20);
    const { asked, whole } = joined((at) => ({ data: parts[at]!, end: at === parts.length - 1 }));
    expect((await whole).equals(text)).to.equal(true);
    expect(asked).to.deep.equal(
      parts.map(({ length }, at) => ({ blob: 'b', offset: at * 20, length: Math.min(20, length) })),
    );
  });

  it('is refused where the parts are not as long as it says', async () => {
    for (const [answer, words] of [
      [{ data: Buffer.alloc(0) }, 'goes on at 0'],
      [{ data: Buffer.alloc(21) }, 'goes on at 21'],
      [{ data: Buffer.alloc(20), end: true }, 'ends at 20'],
    ] as const) {
      const failed = await joined(() => answer).whole.catch((error: Error) => error.message);
      expect(failed).to.equal(words);
    }
    const noEnd = await joined(() => ({ data: Buffer.alloc(20) }), 20).whole.catch((error: Error) => error.message);
    expect(noEnd).to.equal('goes on at 20');
  });
});
