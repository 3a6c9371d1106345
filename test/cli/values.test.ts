import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import { repeatedReader, valueReader } from '../../daemon/cli/values.ts';
import {
  bool,
  bytes,
  counter,
  int,
  list,
  map,
  number,
  oneOf,
  optional,
  record,
  string,
} from '../../plugin-protocol/shape.ts';

const disk = record('TestDisk', 'A disk.', { sizeMiB: int('Size.', { minimum: 1 }), pool: optional(string('Pool.')) });

describe('values on the command line', () => {
  it('reads each kind from its text', () => {
    expect(valueReader(int('An int.'))('-7')).to.equal(-7);
    expect(valueReader(number('A number.'))('2.5')).to.equal(2.5);
    expect(valueReader(bool('A bool.'))('true')).to.equal(true);
    expect(valueReader(counter('A counter.'))('9007199254740993')).to.equal('9007199254740993');
    expect(valueReader(string('A string.'))('12')).to.equal('12');
    expect(valueReader(oneOf(['a', 'b'], 'A letter.'))('b')).to.equal('b');
    expect(valueReader(bytes('Bytes.'))('bG9n')).to.equal('bG9n');
  });

  it('reads a record as NAME=VALUE pairs or as JSON', () => {
    expect(valueReader(disk)('sizeMiB=10,pool=fast')).to.deep.equal({ sizeMiB: 10, pool: 'fast' });
    expect(valueReader(disk)('{"sizeMiB": 10}')).to.deep.equal({ sizeMiB: 10 });
  });

  it('adds up what is given several times', () => {
    const disks = repeatedReader(list(disk, 'Disks.'));
    expect(disks('sizeMiB=2', disks('sizeMiB=1', undefined))).to.deep.equal([{ sizeMiB: 1 }, { sizeMiB: 2 }]);
    const labels = repeatedReader(map('Labels.'));
    expect(labels('b=2=2', labels('a=1', undefined))).to.deep.equal({ a: '1', b: '2=2' });
  });

  it('takes __proto__ as a label like any other', () => {
    const labels = repeatedReader(map('Labels.'))('__proto__=x', undefined);
    expect(Object.entries(labels as object)).to.deep.equal([['__proto__', 'x']]);
  });

  it('says what is wrong with a value, and shows it', () => {
    const complaint = (read: () => unknown) => {
      try {
        read();
      } catch (error) {
        if (error instanceof InvalidArgumentError) return error.message;
        throw error;
      }
      return undefined;
    };
    const vcpus = int('Processors.', { minimum: 1, maximum: 8 });
    expect(complaint(() => valueReader(vcpus)('two'))).to.equal('It must be an integer from 1 to 8. Found "two".');
    expect(complaint(() => valueReader(vcpus)('9'))).to.equal('It must be an integer from 1 to 8. Found "9".');
    expect(complaint(() => valueReader(disk)('sizeMiB=0'))).to.equal(
      'sizeMiB must be an integer from 1 to 2147483647. Found "sizeMiB=0".',
    );
    expect(complaint(() => valueReader(disk)('big'))).to.equal('Write it as NAME=VALUE, not "big".');
    expect(complaint(() => valueReader(disk)('{big}'))).to.equal('This is no JSON: {big}');
  });
});
