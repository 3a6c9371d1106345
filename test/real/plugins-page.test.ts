/** The page of a connector in a real browser, while calls are made. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { requireSuite } from '../setup/packages.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';

describe('The page of a connector in a browser', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;

  before(async function () {
    await requireSuite(this, 'browser');
    daemon = await startDaemon({ connectors: { lab: { plugin: 'memory' } } });
  });

  it('shows a call that is made after it was loaded', async () => {
    const pages: string[] = [];
    // Between the browser and the daemon: when the page asks for itself again, a call is made first.
    const between = createServer(async ({ url = '', headers }, response) => {
      if (url.startsWith('/docs/plugins/lab')) pages.push(url);
      if (pages.length === 3 && url === '/docs/plugins/lab') await daemon.call('vm.stats', { vm: 'web1' });
      const reply = await fetch(`${daemon.url}${url}`, {
        headers: headers.authorization === undefined ? {} : { Authorization: headers.authorization },
      });
      const { 'content-length': _, ...own } = Object.fromEntries(reply.headers);
      response.writeHead(reply.status, own).end(await reply.text());
    });
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const { port } = between.address() as AddressInfo;
    try {
      const { stdout } = await execa('chromium', [
        ...['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(daemon.directory, 'chromium')}`],
        ...['--virtual-time-budget=12000', '--dump-dom'],
        `http://${daemon.user}:${daemon.password}@127.0.0.1:${port}/docs/plugins/lab?login`,
      ]);
      // Once without credentials, once with them, and then again and again.
      expect(pages.slice(0, 3)).to.deep.equal([
        '/docs/plugins/lab?login',
        '/docs/plugins/lab?login',
        '/docs/plugins/lab',
      ]);
      expect(stdout).to.contain('<p id="note">Live.</p>');
      expect(stdout).to.match(/<code>compute\.stats<\/code><\/th><td class="number">1<\/td><td class="number">0<\/td>/);
    } finally {
      between.closeAllConnections();
      between.close();
    }
  });
});
