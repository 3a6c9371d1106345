/** A secret of a connector goes to its plugin over the pipe, and is nowhere else: not in argv, environments, the log or files. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Connector } from '../../daemon/catalogue/resources.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { requireSuite } from '../setup/packages.ts';
import { daemonsOfSuite, until } from '../support/daemon.ts';
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

/** Says its password, and what HTTP and URLs make of it, in whatever it says. */
const chatty = `
import base64, json, sys, urllib.parse
def say(**message): print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)
def all_of(): return password + " " + base64.b64encode(("annelid:" + password).encode()).decode() + " " + urllib.parse.quote(password, safe="")
def machine(n, state): return {"id": "vm-%d" % n, "name": "web%d" % n, "state": state, "labels": {"login": all_of(), password: "x"}}
error = lambda **more: {"error": {"code": 502, "message": "Login failed: " + all_of(), "data": {"kind": "failed", "outcome": "none", "hint": all_of(), "provider": all_of(), "resource": all_of(), **more}}}
for line in sys.stdin:
    m = json.loads(line)
    if m.get("method") is None: # The answer to what it asked.
        print("The daemon says: " + json.dumps(m), file=sys.stderr, flush=True)
        say(id=under_way, result=machine(2, "running"))
        continue
    if m.get("id") is None: continue
    method, answer = m["method"], {"result": {}}
    if method == "describe":
        answer = {"result": {"proto": [1], "name": "chatty", "version": "1", "methods": ["compute.list"], "features": ["events", "progress"]}}
    if method == "configure":
        password = m["params"]["config"]["password"]
        service = {"service": "chatty", "doc": all_of(), "methods": [{"name": name, "changes": False, "doc": all_of()} for name in ("fail", "tell")]}
        methods = ["compute.list", "compute.start", "compute.pause", "compute.reset", "compute.shutdown", all_of()]
        answer = {"result": {"methods": methods, "publishes": [service], all_of(): 1}}
    if method == "compute.list":
        print("noise " + all_of(), flush=True)
        print("trace " + all_of(), file=sys.stderr, flush=True)
        say(method="$/log", params={"level": "warn", "message": all_of()})
        say(method="$/event", params={"type": "vm.changed", "vm": machine(1, "running")})
        say(method="$/event", params={"type": all_of()})
        answer = {"result": {"items": [machine(1, "stopped"), machine(2, "running")]}}
    if method == "compute.start":
        say(method="$/progress", params={"id": m["id"], "percent": 10, "message": all_of()})
        say(method="$/log", params={"id": m["id"], "level": "info", "message": all_of()})
        answer = error()
    if method == "compute.reset":
        under_way = m["id"]
        say(id=1, method="host.state.put", params={"call": under_way, "key": "session", "value": {"of": all_of()}})
        continue
    if method == "compute.pause": answer = {"result": {"task": {"id": "job", "pollMs": 10}}}
    if method == "compute.shutdown": sys.exit("No login for " + all_of())
    if method == "task.get": answer = {"result": {"state": "failed", **error()}}
    if method == "chatty.fail": answer = error(contract={"fault": "Denied", "detail": {"login": all_of()}, "headers": {"X": all_of()}})
    if method == "chatty.tell": answer = {"result": password}
    say(id=m["id"], **answer)
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

  it('is hidden in all that a plugin says, but in what it was asked for by a method of its own', async () => {
    const daemon = await start({
      connectors: (directory) => {
        writeFileSync(join(directory, 'password'), canary);
        const config = { password: { secret: 'file:password' } };
        const command = ['/usr/bin/python3', '-c', chatty];
        return { chatty: { plugin: 'p', command, config } };
      },
      limits: { plugins: { eventPollMs: 50 } },
    });
    const said: unknown[] = [];
    const ask = async <T>(method: string, params: object = {}): Promise<T> => {
      const answer = await daemon.call<T>(method, params).catch((fault: Fault) => fault);
      said.push(answer instanceof Fault ? [answer.message, answer.data] : answer);
      return answer as T;
    };
    const { items } = await ask<{ items: { labels: object }[] }>('vm.list', { refresh: true });
    expect(items[0]!.labels).to.deep.equal({ login: '(hidden) YW5uZWxpZDp(hidden)A== (hidden)', '(hidden)': 'x' });
    const changes = { 'vm.start': 'web1', 'vm.reset': 'web2', 'vm.pause': 'web2', 'vm.shutdown': 'web2' };
    for (const [method, vm] of Object.entries(changes)) {
      const { id } = await ask<{ id: string }>(method, { vm });
      await ask('operation.wait', { operation: id, wait: 30 });
      await ask('operation.explain', { operation: id });
    }
    await until(async () => (await ask<Connector>('connector.get', { connector: 'chatty' })).state === 'ready');
    expect(await daemon.call('chatty.tell'), 'the answer to who asked').to.equal(canary);
    for (const method of ['chatty.fail', 'operation.list', 'event.poll', 'vm.list']) await ask(method);
    await ask('connector.proof', { connector: 'chatty' });
    const pages = ['docs', 'docs/plugins', 'docs/chatty', 'openrpc.json', 'metrics', 'soap/chatty?wsdl'];
    for (const page of pages) said.push(await (await fetch(`${daemon.url}/${page}`)).text());
    await daemon.stop();
    const state = join(daemon.directory, 'state');
    for (const file of readdirSync(state, { recursive: true, encoding: 'utf8' })) {
      const path = join(state, file);
      if (statSync(path).isFile()) said.push(readFileSync(path, 'latin1'));
    }
    said.push(daemon.log);
    expect(daemon.log.join('\n'))
      .to.include('No login for (hidden)')
      .and.to.include('/value has a secret of chatty in it');
    const forms = [canary, Buffer.from(`annelid:${canary}`).toString('base64').slice(12, -4)];
    for (const text of said.map((told) => JSON.stringify(told))) {
      for (const form of forms) expect(text.includes(form), text.slice(0, 2000)).to.equal(false);
    }
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
