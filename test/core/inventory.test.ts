import { expect } from 'chai';
import { sharing } from '../../daemon/core/inventory.ts';

describe('a record of the inventory that follows another', () => {
  it('has the very values of the one before where they are equal, and its own where they are not', () => {
    const before = { id: 'vm-1', addresses: ['10.0.0.1'], labels: { tier: 'web' }, note: 'gone' };
    const after = { id: 'vm-1', addresses: ['10.0.0.1'], labels: { tier: 'db' }, image: undefined };
    const shared = sharing<object>(before, after) as typeof after;
    expect(shared).to.deep.equal(after);
    expect(shared.addresses).to.equal(before.addresses);
    expect(shared.labels).to.equal(after.labels);
  });
});
