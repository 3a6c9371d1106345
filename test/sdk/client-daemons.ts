/** What the tests of clients call: real daemons, one a test. */
import { rm } from 'node:fs/promises';
import { requireSuite, type SuiteName } from '../setup/packages.ts';
import { makeStateDirectory, type RunningDaemon, startDaemon } from '../support/annelid.ts';
import { makeCertificate } from '../support/certificates.ts';

/** To be called in a `describe`: what is started there is gone behind each test. */
export const clientDaemons = (suite: SuiteName) => {
  let daemon: RunningDaemon | undefined;
  let folder: string | undefined;
  before(async function () {
    await requireSuite(this, suite);
  });
  afterEach(async () => {
    await daemon?.discard();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    daemon = undefined;
    folder = undefined;
  });
  return {
    async start(): Promise<RunningDaemon> {
      daemon = await startDaemon();
      return daemon;
    },
    /** One that speaks TLS: its address, and the file of its certificate, which nobody knows who is not told. */
    async startWithTls(): Promise<{ url: string; cert: string }> {
      folder = await makeStateDirectory();
      const { cert, key } = makeCertificate(folder);
      daemon = await startDaemon({ args: ['--set', `tls.cert=${cert}`, '--set', `tls.key=${key}`] });
      return { url: daemon.url.replace('127.0.0.1', 'localhost'), cert };
    },
  };
};
