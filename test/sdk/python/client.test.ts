import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { findOldestPython, systemPython } from '../../setup/python.ts';
import { root } from '../../support/annelid.ts';
import { clientDaemons } from '../client-daemons.ts';

const run = async (code: string, ...args: string[]) => {
  const pythons = [systemPython, await findOldestPython()].filter((python) => python !== undefined);
  const env = { PYTHONPATH: join(root, 'sdk/python/src'), PYTHONDONTWRITEBYTECODE: '1' };
  const runs = [];
  // One after the other: each counts the machines that there are.
  for (const python of pythons) runs.push(await execa(python, ['-W', 'error', '-c', code, ...args], { env }));
  expect(new Set(runs.map(({ stdout }) => stdout)).size).to.equal(1);
  return runs[0]!.stdout.split('\n');
};

describe("Python's client, at a real daemon", function () {
  this.timeout(60_000);
  const daemons = clientDaemons('python sdk');

  it('reads page by page, waits, and raises faults by their kind', async () => {
    const daemon = await daemons.start();
    const said = await run(
      `import sys, os
from annelid.client import Cancelled, Client, Conflict, InvalidParams, NotFound, Unauthenticated
api = Client.local(sys.argv[1])
every = [vm["name"] for vm in api.vm.list()["items"]]
print(every == [vm["name"] for vm in api.items(api.vm.list, limit=1)], len(every) > 1)
name = "py%d" % os.getpid()
made = api.wait(api.vm.create(name, memoryMiB=64, labels={"tier": "front"}))
print(made["state"], api.wait(made["id"])["method"], api.vm.get(name)["labels"])
print(api.wait(api.vm.start(name, wait=30))["state"])
for refused in (lambda: api.vm.start(name), lambda: api.vm.get("none"), lambda: api.vm.create("x", memoryMiB=1),
                lambda: Client(api._parts.geturl(), "admin", "wrong").vm.list()):
    try:
        refused()
    except (Conflict, NotFound, InvalidParams, Unauthenticated) as fault:
        print(type(fault).__name__, fault.field, fault.code)
cursor = api.event.poll()["next"]
api.wait(api.vm.power_off(name))
api.vm.delete(name, wait=30)
events = api.event.poll(after=cursor, types=["vm.state", "vm.deleted"])["events"]
print([event["type"] for event in events if event["resource"] == made["resource"]][-1:])`,
      daemon.state,
    );
    expect(said).to.deep.equal([
      'True True',
      "succeeded vm.create {'tier': 'front'}",
      'succeeded',
      'Conflict None 409',
      'NotFound None 404',
      'InvalidParams /memoryMiB 400',
      'Unauthenticated None 401',
      "['vm.deleted']",
    ]);
  });

  it('speaks TLS, and believes no certificate that it was not told to', async () => {
    const { url, cert } = await daemons.startWithTls();
    const said = await run(
      `import ssl, sys
from annelid.client import Client, Unavailable
print(Client(sys.argv[1], tls=ssl.create_default_context(cafile=sys.argv[2])).system.version()["name"])
try:
    Client(sys.argv[1]).system.version()
except Unavailable as fault:
    print("certificate verify failed" in str(fault))`,
      url,
      cert,
    );
    expect(said).to.deep.equal(['annelid', 'True']);
  });
});
