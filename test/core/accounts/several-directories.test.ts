import { expect } from 'chai';
import type { Credentials } from '../../../daemon/core/api.ts';
import type { Backends } from '../../../daemon/core/ports.ts';
import { type BenchOptions, faultOf, startCore } from '../../support/core.ts';
import { gate } from '../../support/scripted-backend.ts';
import { People } from './people.ts';

const whose = (user: string, password: string): Credentials => ({ kind: 'password', user, password });

describe('users of several directories', () => {
  const both = [
    { connector: 'staff', role: 'admin' },
    { connector: 'customers', role: 'user' },
  ] as const;
  const startBoth = (
    context: Mocha.Context,
    staff: People,
    customers: People,
    more: Partial<BenchOptions<Backends>> = {},
  ) => {
    const all = [staff, customers];
    const backends: Backends = {
      list: () => all,
      get: (id) => all.find((one) => one.id === id),
      listen: (listener) => {
        for (const one of all) one.listen(listener);
      },
      provide() {},
    };
    return startCore(context, { backend: backends, directories: () => both, ...more });
  };

  it('are asked for in the order of the configuration', async function () {
    const staff = new People('staff').has('ann', 's1', { role: 'admin', account: 'admin' });
    const customers = new People('customers').has('ann', 's1').has('ben', 's2', { role: 'admin' });
    const { call } = await startBoth(this, staff, customers);
    expect(await call('session.whoami', {}, whose('ann', 's1'))).to.include({ account: 'admin', role: 'admin' });
    expect(await call('session.whoami', {}, whose('ben', 's2'))).to.include({ account: 'acme', role: 'user' });
    expect([staff.asked(), customers.asked()]).to.deep.equal([2, 1]);
  });

  it('get in by one while another is away; whom none knows then reads that', async function () {
    const staff = new People('staff');
    staff.away();
    const { call } = await startBoth(this, staff, new People('customers').has('ben', 's2'));
    expect(await call('session.whoami', {}, whose('ben', 's2'))).to.have.property('user', 'ben');
    expect((await faultOf(call('session.whoami', {}, whose('ann', 's1')))).kind).to.equal('unavailable');
  });

  it('are not looked for where the plugin of one is no directory', async function () {
    const staff = new People('staff');
    staff.lacking.add('directory.authenticate');
    const { call } = await startBoth(this, staff, new People('customers').has('ben', 's2'));
    expect(await call('session.whoami', {}, whose('ben', 's2'))).to.have.property('user', 'ben');
    expect((await faultOf(call('session.whoami', {}, whose('ben', 'wrong')))).kind).to.equal('unauthenticated');
    expect(staff.asked()).to.equal(0);
  });

  it('are guessed no more often while one is away', async function () {
    const customers = new People('customers');
    customers.away();
    const staff = new People('staff').has('ann', 's1');
    const limits = { directories: { loginFailures: 2 } };
    const { call } = await startBoth(this, staff, customers, { limits });
    const guess = async (secret: string) => (await faultOf(call('session.whoami', {}, whose('ann', secret)))).kind;
    for (const secret of ['1', '2']) expect(await guess(secret)).to.equal('unavailable');
    for (const secret of ['3', 's1']) expect(await guess(secret)).to.equal('throttled');
    expect(staff.asked()).to.equal(2);
  });

  it('are asked beside one that is silent, and the login waits once for all', async function () {
    const silent = () => new Promise<never>(() => {});
    const staff = new People('staff').has('ann', 's1');
    const customers = new People('customers').has('ben', 's2');
    staff.scripts.set('directory.authenticate', silent);
    const limits = { directories: { timeoutMs: 300, rememberMs: 1 } };
    const { call } = await startBoth(this, staff, customers, { limits });
    expect(await call('session.whoami', {}, whose('ben', 's2'))).to.have.property('user', 'ben');
    customers.scripts.set('directory.authenticate', silent);
    const fault = await faultOf(call('session.whoami', {}, whose('ann', 's1')));
    expect([fault.kind, fault.message]).to.deep.equal([
      'unavailable',
      'The directory that knows users did not answer within 300 ms (limits.directories.timeoutMs); whether the password is right is not known.',
    ]);
    const asked = customers.sent.filter(({ call: name }) => name === 'directory.authenticate');
    expect(asked).to.have.length(2);
    for (const { options } of asked) expect(options.timeoutMs).to.be.within(1, 200);
  });

  it('are waited for in their turn as long as the time is not over', async function () {
    const answer = gate();
    const staff = new People('staff').has('ann', 's1', { role: 'admin', account: 'admin' });
    const answers = staff.scripts.get('directory.authenticate')!;
    staff.scripts.set('directory.authenticate', async (sent) => {
      await answer.promise;
      return answers(sent);
    });
    const customers = new People('customers');
    customers.scripts.set('directory.authenticate', () => {
      answer.resolve();
      return {};
    });
    const { call } = await startBoth(this, staff, customers, { limits: { directories: { timeoutMs: 1000 } } });
    expect(await call('session.whoami', {}, whose('ann', 's1'))).to.have.property('account', 'admin');
  });
});
