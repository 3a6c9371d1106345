/** A secret of a connector goes to its plugin over the pipe, and is nowhere else: not in argv, environments, the log or files. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { requireSuite } from '../setup/packages.ts';
import { daemonsOfSuite } from '../support/daemon.ts';
import { processes } from '../support/processes.ts';

const canary = 'canary-83b1f5c2d0';

/** Says in its log how long its password is. */
const program = `
import json, sys
for line in sys.stdin:
    m = json.loads(line)
    if m["method"] == "configure": print("length", len(m["params"]["config"]["password"]), file=sys.stderr, flush=True)
    result = {"proto": [1], "name": "p", "version": "1", "methods": []} if m["method"] == "describe" else {}
    print(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": result}), flush=True)
`;

/** Says its password, and what HTTP makes of that, wherever it fails. */
const leaky = `
import base64, json, sys
for line in sys.stdin:
    m = json.loads(line)
    if m["method"] == "configure": password = m["params"]["config"]["password"]
    service = {"service": "leaky", "methods": [{"name": "read", "changes": False}]}
    answer = {"result": {"proto": [1], "name": "p", "version": "1", "methods": [], "publishes": [service]} if m["method"] == "describe" else {}}
    if m["method"] == "leaky.read":
        coded = base64.b64encode(password.encode()).decode()
        answer = {"error": {"code": 502, "message": f"Login as {password} failed, {coded}.", "data": {"provider": password}}}
    print(json.dumps({"jsonrpc": "2.0", "id": m["id"], **answer}), flush=True)
`;

describe('A secret of a connector', function () {
  this.timeout(30_000);
  const start = daemonsOfSuite();
  before(async function () {
    await requireSuite(this, 'sandbox');
  });

  it('is hidden where a plugin gives it as the reason of a failure', async () => {
    const daemon = await start({
      connectors: (directory) => {
        writeFileSync(join(directory, 'password'), canary);
        const config = { password: { secret: 'file:password' } };
        return { leaky: { plugin: 'p', command: ['/usr/bin/python3', '-c', leaky], config } };
      },
    });
    const read = await daemon.call('leaky.read').catch((error: Error) => error.message);
    expect(read).to.equal('Login as (hidden) failed, (hidden).');
    expect(daemon.log.join('\n')).not.to.include(canary);
  });

  it('is with the plugin alone, however that is run', async () => {
    const daemon = await start({
      connectors: (directory) => {
        writeFileSync(join(directory, 'password'), canary);
        const config = { password: { secret: 'file:password' } };
        const plain = { plugin: 'p', command: ['/usr/bin/python3', '-c', program], config };
        return { plain, kept: { ...plain, keep: true }, boxed: { ...plain, sandbox: true } };
      },
    });
    const told = daemon.log.filter((line) => line.includes(`length ${canary.length}`));
    expect(told, 'all three have it').to.have.length(3);
    expect(daemon.log.join('\n')).not.to.include(canary);
    const all = await processes();
    expect(all.filter(({ command }) => command.includes('keeper/main'))).not.to.have.length(0);
    const showing = all.filter(
      ({ command, environment }) => command.includes(canary) || environment.some((line) => line.includes(canary)),
    );
    expect(showing).to.deep.equal([]);
    const keepers = join(daemon.directory, 'state/keepers');
    for (const file of readdirSync(keepers).filter((name) => name.endsWith('.json'))) {
      expect(readFileSync(join(keepers, file), 'utf8')).not.to.include(canary);
    }
  });
});
