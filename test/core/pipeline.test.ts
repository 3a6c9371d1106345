import { expect } from 'chai';
import type { Call } from '../../daemon/core/call.ts';
import { validate } from '../../daemon/core/pipeline.ts';
import type { Fault } from '../../plugin-protocol/faults.ts';
import { any, record, string } from '../../plugin-protocol/shape.ts';
import { countTurns } from '../support/slices.ts';

const method = { params: record('Params', '.', { name: string('.'), value: any('.') }) };
const callWith = (params: Record<string, unknown>) => ({ method, params }) as Call;
const items = Array.from({ length: 50_000 }, (_, id) => ({ id, at: { $time: '2026-01-31T12:00:00.000Z' } }));

describe('parameters', () => {
  const step = validate();

  it('that are short are checked at once', () => {
    const call = callWith({ name: 'a', value: [] });
    expect(step(call)).to.equal(undefined);
    expect(() => step(callWith({ name: 7, value: [] }))).to.throw('/name must be a string.');
  });

  it('that are long are checked while others get their turn, and stay what they are', async () => {
    const params = { name: 'a', value: { items } };
    const call = callWith(params);
    const turns = countTurns();
    await step(call);
    expect(turns()).to.be.at.least(3);
    expect(call.params).to.equal(params);
  });

  it('that are long and wrong are refused with the place', async () => {
    const value = { items: [...items, { $time: 'yesterday' }] };
    const fault = await Promise.resolve(step(callWith({ name: 'a', value }))).catch((error: Fault) => error);
    expect((fault as Fault).kind).to.equal('invalid-params');
    expect((fault as Fault).data).to.deep.equal({ field: '/value/items/50000/$time' });
  });

  it('that have lists in one another without end are refused', async () => {
    let value: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) value = [value];
    const fault = await Promise.resolve(step(callWith({ name: 'a', value }))).catch((error: Fault) => error);
    expect((fault as Fault).message).to.match(/has too many lists and maps in one another\.$/);
  });
});
