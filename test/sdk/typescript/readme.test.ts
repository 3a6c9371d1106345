import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { root } from '../../support/annelid.ts';
import { readmeSuite } from '../readme.ts';

const session = `import { createClient, createLocalClient } from 'annelid-sdk/client';
const [state, url, password] = process.argv.slice(2);
const local = createLocalClient(state);
console.log((await local.session.whoami()).token, (await local.connector.get({ connector: 'building' })).state);
const api = createClient(url);
await api.login('admin', password);
console.log((await api.session.whoami()).token);
console.log(await api.call('meter.read', { name: 'east' }), await api.call('meter.read', { name: 'east', unit: 'A' }));
console.log(await api.system.methodHelp({ method: 'meter.read' }));
`;

/** What a project of an author is checked with: all of the package's own types, too. */
const strict = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowJs: true,
    checkJs: true,
    skipLibCheck: false,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  },
  include: ['shown-*'],
};

readmeSuite({
  language: 'TypeScript',
  suite: 'typescript sdk',
  sdk: 'sdk/typescript',
  end: 'ts',
  fence: 'ts',
  client: { end: 'js', fence: 'js' },
  command: ['node'],
  session: { code: session, says: 'false ready\ntrue\n229.5 4\nRead a meter.' },
  async installed(shell, folder) {
    const { dependencies, scripts, exports } = JSON.parse(
      await readFile(join(folder, 'node_modules/annelid-sdk/package.json'), 'utf8'),
    );
    expect([dependencies, scripts]).to.deep.equal([undefined, undefined]);
    expect(Object.keys(exports)).to.deep.equal(['./plugin', './client', './package.json']);
    expect(await shell('ls node_modules')).to.equal('annelid-sdk');
    const readme = await readFile(join(root, 'sdk/typescript/README.md'), 'utf8');
    const shown = [...readme.matchAll(/^```(ts|js)\n(.*?)^```$/gms)];
    for (const [at, [, end, code]] of shown.entries()) await writeFile(join(folder, `shown-${at}.${end}`), code!);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(strict));
    await execa(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder });
    await shell('rm shown-* tsconfig.json');
    // The Node.js that comes with the machine may be as old as the package serves.
    if (/^v2[0-3]\./.test(await shell('/usr/bin/node --version || true'))) {
      const program = `import 'annelid-sdk/client'; import { serve } from 'annelid-sdk/plugin'; await serve('old', {});`;
      const request = '{"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":1}}';
      const answer = await shell(`echo '${request}' | /usr/bin/node --input-type=module -e "${program}"`);
      expect(answer).to.equal('{"jsonrpc":"2.0","id":1,"result":{"a":1}}');
    }
  },
});
