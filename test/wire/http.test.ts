import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Handler, Route } from '../../daemon/wire/route.ts';
import { compileRoutes } from '../../daemon/wire/routing.ts';
import { bodyOf, closeServers, echo, everything, post, startServer, statusOf, until } from './raw-http.ts';

const ok =
  (body: string): Handler =>
  () => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body });

describe('HTTP server', () => {
  afterEach(closeServers);

  describe('routes', () => {
    it('answers a POST with the status, headers and body of its handler, and with Content-Length and Date', async () => {
      const { talk, seen } = await startServer();
      const reply = await talk(post('hello'));
      expect(statusOf(reply)).to.equal(200);
      expect(reply).to.match(/\r\nContent-Type: application\/octet-stream\r\n/);
      expect(reply)
        .to.match(/\r\nContent-Length: 5\r\n/)
        .and.to.match(/\r\nDate: /);
      expect(reply).not.to.match(/\r\n(Server|X-Powered-By|Transfer-Encoding):/i);
      expect(bodyOf(reply)).to.equal('hello');
      expect(seen.map(({ method, path, query, remote }) => ({ method, path, query, remote }))).to.deep.equal([
        { method: 'POST', path: echo, query: '', remote: '127.0.0.1' },
      ]);
    });

    it('gives the handler the decoded path and the raw query', async () => {
      const paths: string[] = [];
      const route: Route = {
        path: '/docs',
        below: true,
        GET: ({ path, query }) => {
          paths.push(path, query);
          return { status: 200, headers: {}, body: '' };
        },
      };
      const { talk } = await startServer({}, [route]);
      await talk('GET /docs/a%20b?x=%31&y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      expect(paths).to.deep.equal(['/docs/a b', 'x=%31&y']);
    });

    it('takes the whole URL that a client sends through a proxy', async () => {
      const { talk } = await startServer({}, [
        { path: '/here', GET: (request) => ok(`at ${request.headers.host}`)(request) },
      ]);
      const reply = await talk('GET http://a.example:80/here HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      expect(bodyOf(reply)).to.equal('at a.example:80');
    });

    it('refuses a path that is not valid percent-encoding', async () => {
      const { talk } = await startServer();
      expect(statusOf(await talk('GET /%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))).to.equal(400);
    });

    it('answers 404 for an unknown path, names such as __proto__ included', async () => {
      const { talk, refused } = await startServer();
      for (const path of ['/nothing', '/__proto__', '/echo/below', '//echo']) {
        expect(statusOf(await talk(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`))).to.equal(404);
      }
      expect(refused).to.deep.equal(['not-found', 'not-found', 'not-found', 'not-found']);
    });

    it('answers 405 with Allow for a method that a path does not take', async () => {
      const { talk } = await startServer();
      for (const method of ['GET', 'PUT', 'DELETE', 'TRACE']) {
        const reply = await talk(`${method} ${echo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
        expect(statusOf(reply)).to.equal(405);
        expect(reply).to.match(/\r\nAllow: POST, OPTIONS\r\n/);
      }
    });

    it('answers OPTIONS with Allow, for a path and for the whole server', async () => {
      const { talk } = await startServer();
      for (const target of [echo, '*']) {
        const reply = await talk(`OPTIONS ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
        expect(statusOf(reply)).to.equal(204);
        expect(reply).to.match(/\r\nAllow: .*POST, OPTIONS\r\n/);
        expect(reply).not.to.match(/Content-Length/);
      }
    });

    it('answers HEAD as GET, with the length and without the body', async () => {
      const { talk } = await startServer({}, [{ path: '/page', GET: ok('twelve bytes') }]);
      const reply = await talk('HEAD /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      expect(reply).to.match(/\r\nContent-Length: 12\r\n/);
      expect(bodyOf(reply)).to.equal('');
    });

    it('refuses a POST that a browser sends for a page of another site', async () => {
      const { talk, seen, refused } = await startServer();
      const foreign = [
        'Origin: http://evil.example',
        'Origin: null',
        'Sec-Fetch-Site: cross-site',
        'Sec-Fetch-Site: same-site',
      ];
      for (const header of foreign) {
        expect(statusOf(await talk(post('x', `Connection: close\r\n${header}\r\n`)))).to.equal(403);
      }
      expect(seen).to.deep.equal([]);
      expect(refused).to.deep.equal(foreign.map(() => 'another-site'));
      const own = ['Origin: http://a', 'Origin: https://a', 'Origin: http://b\r\nSec-Fetch-Site: same-origin'];
      for (const header of own) {
        expect(statusOf(await talk(post('x', `Connection: close\r\n${header}\r\n`)))).to.equal(200);
      }
    });

    it('joins the routes of several frontends at one path, and refuses two that take the same method there', () => {
      const handler = () => ({ status: 200, headers: {}, body: '' });
      const routing = compileRoutes([
        { path: '/', GET: handler },
        { path: '/', POST: handler },
      ]);
      expect(routing.find('/')?.allow).to.equal('GET, HEAD, POST, OPTIONS');
      expect(() =>
        compileRoutes([
          { path: '/', GET: handler },
          { path: '/', GET: handler },
        ]),
      ).to.throw('Two routes serve GET /.');
    });

    it('prefers the longest of the paths that a request is below', () => {
      const handler = () => ({ status: 200, headers: {}, body: '' });
      const routing = compileRoutes([
        { path: '/a', below: true, GET: handler },
        { path: '/a/b', below: true, GET: handler },
      ]);
      expect(routing.find('/a/b/c')?.path).to.equal('/a/b');
      expect(routing.find('/a/bc')?.path).to.equal('/a');
      expect(routing.find('/ab')).to.equal(undefined);
    });
  });

  describe('failures of a handler', () => {
    const failing: Route[] = [
      {
        path: '/throws',
        GET: () => {
          throw new Error('a secret');
        },
      },
      { path: '/rejects', GET: () => Promise.reject(new Error('a secret')) },
      { path: '/header', GET: () => ({ status: 200, headers: { 'X-Bad': 'a\r\nb' }, body: '' }) },
    ];
    for (const { path } of failing) {
      it(`answers 500 without the cause, and logs the cause, for ${path}`, async () => {
        const { talk, logged } = await startServer({}, failing);
        const reply = await talk(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
        expect(statusOf(reply)).to.equal(500);
        expect(reply).not.to.match(/secret/);
        expect(logged).to.have.length(1);
        expect(logged[0]?.[0]).to.have.property('path', path);
        expect(logged[0]?.[0]).to.have.property('err').that.is.instanceOf(Error);
      });
    }
  });

  describe('connections', () => {
    it('serves several requests on one connection, those that were sent ahead in their order', async () => {
      const slowFirst: Route = {
        path: '/order',
        POST: async ({ body }) => {
          if (body.toString() === 'first') await new Promise(setImmediate);
          return { status: 200, headers: {}, body: `<${body}>` };
        },
      };
      const { talk } = await startServer({}, [slowFirst]);
      const request = (body: string, more = '') =>
        `POST /order HTTP/1.1\r\nHost: a\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
      const replies = await talk(request('first') + request('second') + request('third', 'Connection: close\r\n'));
      expect(replies.match(/<\w+>/g)).to.deep.equal(['<first>', '<second>', '<third>']);
    });

    it('answers HTTP/1.0 with Content-Length and closes', async () => {
      const { talk } = await startServer();
      const reply = await talk(`POST ${echo} HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello`);
      expect(reply)
        .to.match(/\r\nContent-Length: 5\r\n/)
        .and.to.match(/\r\nConnection: close\r\n/);
      expect(bodyOf(reply)).to.equal('hello');
    });

    it('keeps an HTTP/1.0 connection that asks for it', async () => {
      const { open } = await startServer();
      const socket = await open();
      const request = `POST ${echo} HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n`;
      socket.write(`${request}a`);
      expect(await until(socket, '\r\n\r\na')).to.match(/\r\nConnection: keep-alive\r\n/i);
      socket.write(`${request}b`);
      expect(statusOf(await until(socket, '\r\n\r\nb'))).to.equal(200);
      socket.destroy();
    });

    it('answers what is no HTTP with 400', async () => {
      const { talk, refused } = await startServer();
      expect(statusOf(await talk('\x16\x03\x01 hello\r\n\r\n'))).to.equal(400);
      expect(refused).to.deep.equal(['malformed']);
    });

    it('finishes the requests under way when it closes, says that it closes, and ends idle connections', async () => {
      let release: (text: string) => void = () => undefined;
      const released = new Promise<string>((resolve) => {
        release = resolve;
      });
      const route: Route = { path: '/slow', GET: async () => ({ status: 200, headers: {}, body: await released }) };
      const { open, server } = await startServer({}, [route]);
      const [busy, idle] = [await open(), await open()];
      idle.write(post('x', ''));
      await until(idle, '\r\n\r\nx');
      const reply = everything(busy);
      busy.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
      const idleEnded = everything(idle);
      // The request is under way once the server has read something that was sent after it on another connection.
      const third = await open();
      third.write(post('y', ''));
      await until(third, '\r\n\r\ny');
      const closed = server.close();
      await idleEnded;
      release('done');
      expect(await reply)
        .to.match(/\r\nConnection: close\r\n/)
        .and.to.match(/done$/);
      await closed;
    });

    it('takes no new connections once it is told so, serves those that are open, and can still be closed', async () => {
      const { open, server } = await startServer();
      const socket = await open();
      socket.write(post('a', ''));
      await until(socket, '\r\n\r\na');
      server.stopAccepting();
      const refused = await open().catch((error: NodeJS.ErrnoException) => error.code);
      expect(refused).to.equal('ECONNREFUSED');
      socket.write(post('b', ''));
      expect(statusOf(await until(socket, '\r\n\r\nb'))).to.equal(200);
      const ended = everything(socket);
      await server.close();
      expect(await ended).to.equal('');
      socket.destroy();
    });

    it('finishes writing a long reply when it closes', async () => {
      const length = 32 * 1024 * 1024;
      const route: Route = { path: '/huge', GET: () => ({ status: 200, headers: {}, body: Buffer.alloc(length) }) };
      const { open, server } = await startServer({}, [route]);
      const socket = await open();
      socket.write('GET /huge HTTP/1.1\r\nHost: a\r\n\r\n');
      await once(socket, 'readable');
      const closed = server.close();
      expect(bodyOf(await everything(socket))).to.have.length(length);
      socket.destroy();
      await closed;
    });

    it('cuts requests that are still under way when the time to stop is over: http.stopMs', async () => {
      const never: Route = { path: '/never', GET: () => new Promise(() => undefined) };
      const { open, server } = await startServer({ stopMs: 30 }, [never]);
      const socket = await open();
      const said = everything(socket);
      socket.write('GET /never HTTP/1.1\r\nHost: a\r\n\r\n');
      const other = await open();
      other.write(post('y', ''));
      await until(other, '\r\n\r\ny');
      await server.close();
      expect(await said).to.equal('');
    });

    it('says which port cannot be listened on', async () => {
      const { port } = await startServer();
      const second = startServer({}, []);
      const { server } = await second;
      const failure = await server.listen('127.0.0.1', port).catch((error: NodeJS.ErrnoException) => error.code);
      expect(failure).to.equal('ERR_SERVER_ALREADY_LISTEN');
    });
  });

  describe('compressed replies', () => {
    const long = 'machine '.repeat(4000);
    const pages: Route[] = [
      { path: '/long', GET: ok(long) },
      { path: '/short', GET: ok('machine') },
    ];
    const get = (path: string, accept: string) =>
      `GET ${path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ${accept}\r\nConnection: close\r\n\r\n`;

    it('compresses a long reply for a client that names gzip', async () => {
      const { talk } = await startServer({}, pages);
      for (const accept of ['gzip', 'deflate, GZIP;q=0.5', 'br , gzip']) {
        const reply = await talk(get('/long', accept));
        expect(reply)
          .to.match(/\r\nContent-Encoding: gzip\r\n/)
          .and.to.match(/\r\nVary: Accept-Encoding\r\n/);
        const body = Buffer.from(bodyOf(reply), 'latin1');
        expect(reply).to.include(`\r\nContent-Length: ${body.length}\r\n`);
        expect(gunzipSync(body).toString()).to.equal(long);
      }
    });

    it('does not compress for a client that does not name a coding itself, or forbids it', async () => {
      const { talk } = await startServer({}, pages);
      for (const accept of ['gzip;q=0', 'gzip; q=0.000', 'x-gzip2', '*', 'deflate;q=0.0', 'identity, notgzip']) {
        expect(bodyOf(await talk(get('/long', accept)))).to.equal(long);
      }
    });

    it('does not compress a short reply', async () => {
      const { talk } = await startServer({}, pages);
      expect(bodyOf(await talk(get('/short', 'gzip')))).to.equal('machine');
    });
  });
});
