import { expect } from 'chai';
import { bodyOf, closeServers, post, startServer, statusOf } from './raw-http.ts';

describe('HTTP headers', () => {
  afterEach(closeServers);

  it('refuses two Authorization headers that differ: nobody knows which one was meant', async () => {
    const { talk, seen, refused } = await startServer();
    const header = 'Authorization: Bearer a\r\n';
    expect(statusOf(await talk(post('x', `${header}Connection: close\r\n`)))).to.equal(200);
    const reply = await talk(post('x', `${header}X: y\r\nauthorization: Bearer b\r\n`));
    expect(statusOf(reply)).to.equal(400);
    expect(bodyOf(reply)).to.equal('in my words: The request has two Authorization headers that differ.');
    expect([seen.length, refused]).to.deep.equal([1, ['malformed']]);
  });

  it('takes one Authorization header that comes twice for one', async () => {
    const { talk, seen } = await startServer();
    const twice = 'Authorization: Basic YTpi\r\nX: y\r\nauthorization:  Basic YTpi\r\nConnection: close\r\n';
    expect(statusOf(await talk(post('x', twice)))).to.equal(200);
    expect(seen[0]?.headers.authorization).to.equal('Basic YTpi');
  });

  it('refuses too many headers in the words of the route, and drops none: http.headers', async () => {
    const { talk, seen } = await startServer({ headers: 3000 });
    const many = (count: number) => Array.from({ length: count }, () => 'A: b\r\n').join('');
    const tooMany = await talk(post('x', many(2999)));
    expect(statusOf(tooMany)).to.equal(431);
    expect(bodyOf(tooMany)).to.equal('in my words: The request has more than 3000 headers (limits.http.headers).');
    // With Host and Content-Length these are 3000.
    const reply = await talk(post('x', `${many(2996)}X-Last: here\r\nConnection: close\r\n`));
    expect(statusOf(reply)).to.equal(200);
    expect(seen.map(({ headers }) => headers['x-last'])).to.deep.equal(['here']);
  });
});
