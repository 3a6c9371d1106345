/** The pages of plugins in a real browser, while calls are made and plugins end. */
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect } from 'chai';
import { requireSuite } from '../setup/packages.ts';
import { type Browser, startBrowser } from '../support/browser.ts';
import { faultOf } from '../support/core.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';

/** A plugin with one machine, whose figures end it. */
const frail = {
  script: {
    'compute.list': { result: { items: [{ id: 'one', name: 'one', state: 'running' }] } },
    'compute.stats': { exit: 3 },
  },
};

describe('The pages of plugins in a browser', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;
  let browser: Browser;
  // A daemon that is started again has another port, and a page that is open has one for ever.
  const entrance = createServer((client) => {
    const server = connect(Number(new URL(daemon.url).port), '127.0.0.1');
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });

  before(async function () {
    await requireSuite(this, 'browser');
    daemon = await startDaemon({
      connectors: { lab: { plugin: 'memory' }, frail: { plugin: 'noop', config: frail } },
    });
    await daemon.call('vm.list', { refresh: true });
    await new Promise<void>((resolve) => entrance.listen(0, '127.0.0.1', resolve));
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    entrance.close();
  });

  const note = `document.getElementById('note').textContent`;
  const open = async (path: string) => {
    const { port } = entrance.address() as AddressInfo;
    await browser.open(`http://${daemon.user}:${daemon.password}@127.0.0.1:${port}${path}?login`);
    await browser.until(`${note} === 'Live.'`);
    await browser.read('window.loadedOnce = true');
  };
  const sameLoad = async () => expect(await browser.read('window.loadedOnce')).to.equal(true);
  const figuresOf = (call: string) =>
    `[...document.querySelectorAll('tbody tr')].find(one => one.textContent.includes('${call}'))?.innerText.split('\\t').slice(1, 3).join()`;
  const aboutFrail = `[...document.querySelectorAll('section')].find(one => one.querySelector('h2 a')?.textContent === 'frail')?.textContent`;

  it('show a call that is made after they were loaded', async () => {
    await open('/docs/plugins/lab');
    expect(await browser.read(figuresOf('compute.stats'))).to.equal('0,0');
    await daemon.call('vm.stats', { vm: 'web1' });
    await browser.until(`${figuresOf('compute.stats')} === '1,0'`);
    await sameLoad();
  });

  it('show a plugin that crashes, and that it is back', async () => {
    await open('/docs/plugins');
    expect(await browser.read(aboutFrail))
      .to.include('ready')
      .and.to.include('restarts 0');
    const { message } = await faultOf(daemon.call('vm.stats', { vm: 'one' }));
    await browser.until(`${aboutFrail}.includes(${JSON.stringify(`: ${message}`)})`);
    await browser.until(`/ready.*restarts [1-9]/s.test(${aboutFrail})`);
    await sameLoad();
  });

  it('say that the daemon is away, and go on when it is back', async () => {
    await open('/docs/plugins/lab');
    await daemon.kill();
    await browser.until(`${note} === 'The daemon does not answer at the moment. This is how it was.'`);
    await daemon.start();
    await browser.until(`${note} === 'Live.'`);
    await sameLoad();
  });

  it('are no wider than a telephone', async () => {
    for (const path of ['/docs/plugins', '/docs/plugins/frail']) {
      await open(path);
      await browser.resize(390, 844);
      expect(await browser.read('document.documentElement.scrollWidth'), path).to.equal(390);
    }
  });
});
