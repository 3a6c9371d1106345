import { expect } from 'chai';
import { methods } from '../../daemon/catalogue/index.ts';
import { signaturesOf } from '../../daemon/catalogue/signature.ts';
import { optional, record, string } from '../../plugin-protocol/shape.ts';

const signatures = (name: string): string[][] => signaturesOf(methods.get(name)!);

describe('the signatures of a method', () => {
  it('is one when all parameters are required', () => {
    expect(signatures('session.login')).to.deep.equal([['struct', 'string', 'string']]);
    expect(signatures('system.listMethods')).to.deep.equal([['array']]);
  });

  it('are one more for each optional parameter', () => {
    expect(signatures('vm.consoleOutput')).to.deep.equal([
      ['struct', 'string'],
      ['struct', 'string', 'string'],
      ['struct', 'string', 'string', 'int'],
    ]);
  });

  it('end with all parameters, by their types on the wire', () => {
    expect(signatures('vm.start')).to.deep.equal([
      ['struct', 'string'],
      ['struct', 'string', 'boolean'],
      ['struct', 'string', 'boolean', 'double'],
    ]);
    expect(signatures('vm.list').at(-1)).to.deep.equal(
      'struct string string string string string struct string boolean int string boolean'.split(' '),
    );
  });

  it('are two when there are very many optional parameters', () => {
    const fields = Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`p${at}`, optional(string('Text.'))]));
    const params = record('P', 'Parameters.', { first: string('Text.'), ...fields });
    const signatures = signaturesOf({ params, result: string('Text.') } as never);
    expect(signatures.map((words) => words.length)).to.deep.equal([2, 72]);
  });
});
