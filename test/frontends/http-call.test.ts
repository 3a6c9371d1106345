import { expect } from 'chai';
import { HttpCall } from '../../daemon/frontends/http-call.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const credentials = (connection: object | undefined, authorization: string | undefined) => {
  const { signal } = new AbortController();
  const request = {
    method: 'POST',
    path: '/',
    query: '',
    headers: { authorization },
    body: Buffer.alloc(0),
    signal,
    ended: signal,
  };
  return new HttpCall('soap', { ...request, remote: '192.0.2.7', ...(connection && { connection }) }).credentials;
};

describe('the credentials of a call over HTTP', () => {
  it('are read once for a connection, as long as the header is the same', () => {
    const connection = {};
    const first = credentials(connection, basic('ann:one'));
    expect(first).to.deep.equal({ kind: 'password', user: 'ann', password: 'one' });
    expect(credentials(connection, basic('ann:one'))).to.equal(first);
    expect(credentials(connection, basic('ann:two'))).to.deep.equal({ kind: 'password', user: 'ann', password: 'two' });
    expect(credentials(connection, undefined)).to.deep.equal({ kind: 'none' });
    expect(credentials(connection, basic('ann:one'))).to.deep.equal(first);
  });

  it('are of no other connection', () => {
    credentials({}, basic('ann:one'));
    expect(credentials({}, undefined)).to.deep.equal({ kind: 'none' });
    expect(credentials(undefined, basic('bob:two'))).to.deep.equal({ kind: 'password', user: 'bob', password: 'two' });
  });
});
