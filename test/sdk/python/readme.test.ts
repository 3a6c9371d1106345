import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { systemPython } from '../../setup/python.ts';
import { root } from '../../support/annelid.ts';
import { readmeSuite } from '../readme.ts';

const session = `import sys
from annelid.client import Client
state, url, password = sys.argv[1:]
api = Client.local(state)
print(api.session.whoami()["token"], api.connector.get("building")["state"])
api = Client(url)
api.login("admin", password)
print(api.session.whoami()["token"])
print(api.call("meter.read", name="east"), api.call("meter.read", name="east", unit="A"))
print(api.system.method_help("meter.read"), api.system.method_signature("meter.read"))
`;

const buildSource = `import os, sys
sys.path.insert(0, os.getcwd())
import build_backend
print(build_backend.build_sdist(sys.argv[1]))`;

readmeSuite({
  language: 'Python',
  suite: 'python sdk',
  sdk: 'sdk/python',
  end: 'py',
  fence: 'python',
  command: ['venv/bin/python'],
  session: {
    code: session,
    says: "False ready\nTrue\n229.5 4\nRead a meter. [['double', 'string'], ['double', 'string', 'string']]",
  },
  async installed(shell, folder) {
    const names = `venv/bin/pip list --format json | venv/bin/python -c 'import json, sys; print(*[one["name"] for one in json.load(sys.stdin)])'`;
    expect(await shell(names)).to.match(/\bannelid\b/);
    const where = `venv/bin/python -c 'import annelid.plugin; print(annelid.plugin.__file__)'`;
    expect(await shell(where)).to.include(join(folder, 'venv'));
    // From its own source distribution, too.
    const { stdout } = await execa(systemPython, ['-c', buildSource, folder], { cwd: join(root, 'sdk/python') });
    await shell(`venv/bin/pip install --force-reinstall ${stdout}`);
    expect(await shell(where)).to.include(join(folder, 'venv'));
  },
});
