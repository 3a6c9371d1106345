import { expect } from 'chai';
import { builtins } from '../../../daemon/frontends/soap/values/builtins.ts';
import { numberFrom } from '../../../daemon/frontends/soap/values/scalars.ts';

describe('Numbers in SOAP', () => {
  const forms = ['0', '+1', '-1.5', '1.', '.5', '007'];

  it('are read in each form that XML Schema has', () => {
    expect([...forms, '1e3', '2.5E-1', 'INF', '-INF'].map(numberFrom)).to.deep.equal([
      ...[0, 1, -1.5, 1, 0.5, 7],
      ...[1000, 0.25, Infinity, -Infinity],
    ]);
    for (const form of forms) expect(builtins.get('decimal')!.read(form)).to.equal(form);
    for (const wrong of ['', '.', '+', '1e', 'e5', '1.5.', '0x1', '1 2', 'inf']) {
      expect(() => numberFrom(wrong), wrong).to.throw('must be a number');
      expect(() => builtins.get('decimal')!.read(wrong), wrong).to.throw('must be a decimal number');
    }
  });

  // With the square of its length to look at, such a text would keep everyone waiting for hours.
  it('are refused however many digits they begin with', () => {
    const digits = `${'1'.repeat(4_000_000)}x`;
    expect(() => numberFrom(digits)).to.throw('must be a number');
    expect(() => builtins.get('decimal')!.read(digits)).to.throw('must be a decimal number');
  });
});
