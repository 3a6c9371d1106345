import { expect } from 'chai';
import { type Limits, limitGroups } from '../../daemon/limits.ts';
import { stopHosts } from '../host/running-host.ts';
import { closeServers } from '../wire/raw-http.ts';
import { accounting } from './accounting.ts';
import { type Bound, show } from './bound.ts';
import { calls, store } from './calls.ts';
import { directories } from './directories.ts';
import { jsonrpc, soap, xml, xmlrpc } from './documents.ts';
import { http } from './http.ts';
import { plugins } from './plugins.ts';

/** The build stops when a limit has no bound here. */
const bounds: { [G in keyof Limits]: { [L in keyof Limits[G]]: Bound } } = {
  http,
  xml,
  xmlrpc,
  soap,
  jsonrpc,
  calls,
  directories,
  accounting,
  plugins,
  store,
};

describe('every limit at its bound', () => {
  afterEach(closeServers);
  afterEach(async function () {
    await stopHosts(this);
  });

  it('has a test', () => {
    const names = (groups: object) => Object.entries(groups).map(([group, of]) => [group, Object.keys(of).sort()]);
    const known = Object.entries(limitGroups).map(([group, { properties }]) => [group, properties]);
    expect(names(bounds)).to.deep.equal(names(Object.fromEntries(known)));
  });

  for (const [group, of] of Object.entries(bounds)) {
    for (const [limit, bound] of Object.entries(of as Record<string, Bound>)) {
      const name = `${group}.${limit}`;
      it(`limits.${name}: ${bound.enough} is enough, ${bound.tooLittle} is not`, async function () {
        await show(this, name, bound);
      });
    }
  }
});
