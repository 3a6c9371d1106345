import { expect } from 'chai';
import { version } from 'uuid';
import { newId } from '../../daemon/core/new-id.ts';

describe('new ids', () => {
  it('are UUIDs of version 7, each another, in the order in which they were made, however many in a moment', () => {
    const ids = Array.from({ length: 5000 }, newId);
    expect(ids.filter((id) => version(id) !== 7)).to.deep.equal([]);
    expect(new Set(ids).size).to.equal(ids.length);
    expect([...ids].sort()).to.deep.equal(ids);
  });
});
