import { expect } from 'chai';
import fc from 'fast-check';
import { Pieces } from '../../daemon/frontends/pieces.ts';
import { Remembered } from '../../daemon/frontends/remembered.ts';
import { inOneGo } from '../../plugin-protocol/slices.ts';

interface Machine extends Record<string, unknown> {
  id: string;
  name: string;
  note?: string;
}

const written: string[] = [];
const field = (name: string) => ({
  name,
  write: (value: unknown) => {
    written.push(name);
    return value === undefined ? '' : `<${name}>${value}</${name}>`;
  },
});
const listsInPieces = () => {
  const remembered = new Remembered('<vm>', ['id', 'name', 'note'].map(field), '</vm>');
  return (machines: readonly Machine[]): Pieces => {
    written.length = 0;
    const pieces = new Pieces();
    remembered.write(machines, pieces);
    inOneGo(pieces.counted());
    return pieces;
  };
};
const lists = () => {
  const list = listsInPieces();
  return (machines: readonly Machine[]) => blocksOf(list(machines));
};
const blocksOf = (pieces: Pieces) => [...pieces] as Uint8Array[];
const textOf = (pieces: Pieces): string => Buffer.concat(blocksOf(pieces)).toString();
const plain = (machines: readonly Machine[]): string =>
  machines
    .map(
      ({ id, name, note }) =>
        `<vm><id>${id}</id><name>${name}</name>${note === undefined ? '' : `<note>${note}</note>`}</vm>`,
    )
    .join('');
const machine = (number: number, note?: string): Machine => ({
  id: `vm-${number}`,
  name: `machine ${number}`,
  ...(note === undefined ? {} : { note }),
});
const machines = (count: number, note?: string) => Array.from({ length: count }, (_, number) => machine(number, note));

describe('lists of records that are remembered', () => {
  it('writes a list as it is, and nothing again for the same records', () => {
    const list = lists();
    const all = machines(50, 'größer');
    expect(Buffer.concat(list(all)).toString()).to.equal(plain(all));
    expect(Buffer.concat(list([...all])).toString()).to.equal(plain(all));
    expect(written).to.deep.equal([]);
    expect(list([])).to.deep.equal([]);
  });

  it('writes long lists in slices, each as it was when it was asked for, whatever others are written in between', () => {
    const remembered = new Remembered('<vm>', ['id', 'name', 'note'].map(field), '</vm>');
    const begin = (list: readonly Machine[]) => {
      const pieces = new Pieces();
      remembered.write(list, pieces);
      return { list, pieces, work: pieces.counted() };
    };
    const note = 'n'.repeat(4000);
    let all = machines(3000, note);
    for (let round = 0; round < 4; round++) {
      const under = [begin(all), begin(all.toReversed()), begin(all.slice(500))];
      let turns = 0;
      for (let left = under; left.length > 0; turns++) {
        left = left.filter(({ work }) => work.next().done !== true);
        const changed = (turns * 37) % all.length;
        all = all.with(changed, machine(changed, `${note}${round} ${turns}`));
        const between = begin(all.slice(changed, changed + 200));
        inOneGo(between.work);
        expect(textOf(between.pieces) === plain(between.list)).to.equal(true);
        between.pieces.giveBack();
      }
      expect(turns).to.be.above(3);
      for (const { list, pieces } of under) {
        expect(textOf(pieces) === plain(list), `round ${round}`).to.equal(true);
        pieces.giveBack();
      }
    }
  });

  it('writes only the fields that another record of the same id has otherwise', () => {
    const list = lists();
    const all = machines(3, 'old');
    list(all);
    const changed = [all[0]!, { ...all[1]!, note: 'new and longer' }, all[2]!];
    expect(Buffer.concat(list(changed)).toString()).to.equal(plain(changed));
    expect(written).to.deep.equal(['note']);
    const { note: _, ...unset } = changed[1]!;
    const less = [all[0]!, unset, all[2]!];
    expect(Buffer.concat(list(less)).toString()).to.equal(plain(less));
    expect(written).to.deep.equal(['note']);
  });

  it('puts together anew only the block in which something changed, was added or was taken away', () => {
    const list = lists();
    const all = machines(2000, 'x'.repeat(500));
    const before = list(all);
    expect(before.length).to.be.greaterThan(6);
    const kept = (now: readonly Machine[]) => {
      const blocks = list(now);
      expect(Buffer.concat(blocks).toString()).to.equal(plain(now));
      return before.filter((block) => blocks.includes(block)).length;
    };
    expect(kept(all.with(1000, machine(1000, 'changed')))).to.equal(before.length - 1);
    expect(kept(all)).to.equal(before.length - 1);
    expect(kept(all.toSpliced(1000, 0, machine(5000)))).to.equal(before.length - 1);
    expect(kept(all.toSpliced(1000, 1))).to.equal(before.length - 1);
  });

  it('holds no more than twice what was listed, however lists overlap', () => {
    const remembered = new Remembered('', [field('id'), field('name'), field('note')], '');
    const all = machines(300, 'x'.repeat(400));
    // Each list is the one before without its first, which is left behind in a block of its own otherwise.
    for (let from = 0; from < all.length; from++) remembered.write(all.slice(from, from + 100), new Pieces());
    expect(remembered.held).to.be.within(1, 2 * Buffer.byteLength(plain(all)));
  });

  it('forgets what is listed no more', () => {
    const remembered = new Remembered('', [field('id'), field('name')], '');
    const all = machines(300);
    remembered.write(all, new Pieces());
    const first = all.slice(0, 10);
    for (let listed = 0; listed < 10_000; listed += first.length) remembered.write(first, new Pieces());
    expect(remembered.held).to.be.at.most(2 * Buffer.byteLength(plain(first)));
  });

  it('keeps only the lists that were asked for last, however many ways there are to write them', () => {
    const all = machines(3);
    const ways = Array.from({ length: 20 }, () => new Remembered('', [field('id'), field('name')], ''));
    for (const way of ways) way.write(all, new Pieces());
    const length = Buffer.byteLength(all.map(({ id, name }) => `<id>${id}</id><name>${name}</name>`).join(''));
    expect(ways.map(({ held }) => held)).to.deep.equal([...Array(4).fill(0), ...Array(16).fill(length)]);
    ways[0]?.write(all, new Pieces());
    expect(ways.map(({ held }) => held > 0).lastIndexOf(false)).to.equal(4);
  });

  it('writes into the memory of a list that is read no more, and into that of no other', () => {
    const list = listsInPieces();
    const memory = (pieces: Pieces) => new Set(blocksOf(pieces).map(({ buffer }) => buffer));
    const of = (note: string) => machines(2000, note.repeat(500));
    const first = list(of('a'));
    const second = list(of('b'));
    expect([...memory(second)].filter((buffer) => memory(first).has(buffer))).to.deep.equal([]);
    expect(textOf(first)).to.equal(plain(of('a')));
    second.giveBack();
    const third = list(of('c'));
    expect([...memory(third)].filter((buffer) => memory(second).has(buffer))).to.have.lengthOf.above(3);
    expect(textOf(third)).to.equal(plain(of('c')));
    expect(textOf(first)).to.equal(plain(of('a')));
  });

  it('writes over what was there where no field has another length, unless somebody reads it', () => {
    const list = listsInPieces();
    const all = machines(2000, 'a'.repeat(100));
    const noted = (note: string) => all.with(1000, machine(1000, note));
    const first = list(all);
    const shared = (pieces: Pieces) => blocksOf(pieces).filter((block) => blocksOf(first).includes(block)).length;
    const second = list(noted('b'.repeat(100)));
    expect(shared(second)).to.equal(blocksOf(first).length - 1);
    expect(textOf(first)).to.equal(plain(all));
    first.giveBack();
    second.giveBack();
    const lengths = { same: 'c'.repeat(100), shorter: 'c'.repeat(99), 'the same in bytes': 'ä'.repeat(50) };
    const before = new Set(blocksOf(second));
    for (const [length, note] of Object.entries(lengths)) {
      const pieces = list(noted(note));
      expect(textOf(pieces), length).to.equal(plain(noted(note)));
      const anew = blocksOf(pieces).filter((block) => !before.has(block));
      expect(anew.length, length).to.equal(length === 'same' ? 0 : 1);
      pieces.giveBack();
    }
  });

  it('goes on after a value that cannot be written', () => {
    const broken = field('name');
    const write = (value: unknown) => {
      if (value === 'broken') throw new Error('It cannot be written.');
      return broken.write(value);
    };
    const remembered = new Remembered('<vm>', [field('id'), { name: 'name', write }, field('note')], '</vm>');
    const all = machines(3);
    expect(() => remembered.write([all[0]!, { id: 'vm-1', name: 'broken' }], new Pieces())).to.throw('It cannot');
    const pieces = new Pieces();
    remembered.write(all, pieces);
    expect(textOf(pieces)).to.equal(plain(all));
  });

  it('is right whatever is listed after what, and whichever lists are still read', () => {
    const number = fc.integer({ min: 0, max: 40 });
    const note = fc.option(fc.constantFrom('', 'a', 'b', 'bc', 'ä', 'ö', '🚀'.repeat(2000), 'x'.repeat(30_000)), {
      nil: undefined,
    });
    const step = fc.record({
      changed: fc.array(fc.tuple(number, note), { maxLength: 8 }),
      listed: fc.array(number),
      isRead: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const list = listsInPieces();
        const all = machines(41);
        const read: [pieces: Pieces, wanted: string][] = [];
        for (const { changed, listed, isRead } of steps) {
          for (const [at, text] of changed) all[at] = machine(at, text);
          for (const wanted of [listed.map((at) => all[at]!), all]) {
            const pieces = list(wanted);
            expect(textOf(pieces)).to.equal(plain(wanted));
            if (isRead) read.push([pieces, plain(wanted)]);
            else pieces.giveBack();
          }
        }
        for (const [pieces, wanted] of read) expect(textOf(pieces)).to.equal(wanted);
      }),
      { numRuns: 60 },
    );
  });
});
