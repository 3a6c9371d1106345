import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { methods } from '../../../daemon/catalogue/index.ts';
import { version } from '../../../daemon/version.ts';
import { contract } from '../../../plugin-protocol/contract/index.ts';
import { createClient } from '../../../sdk/typescript/client/index.ts';
import { callNames } from '../../../sdk/typescript/plugin/index.ts';
import { root } from '../../support/annelid.ts';

const sdk = join(root, 'sdk/typescript');

describe('The TypeScript package', () => {
  it('has a method for every one of the catalogue, under its own name', () => {
    const api = createClient('http://127.0.0.1:1') as unknown as Record<string, Record<string, unknown>>;
    const missing = [...methods.keys()].filter((name) => {
      const [noun = '', verb = ''] = name.split('.');
      return typeof api[noun]?.[verb] !== 'function';
    });
    expect(missing).to.deep.equal([]);
  });

  it('has a type for every call of the contract', () => {
    expect(callNames).to.deep.equal([...contract.keys()]);
  });

  it('has the version of the daemon', () => {
    expect(JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8')).version).to.equal(version);
  });

  it('has an example of a connector of 60 lines at most', () => {
    const example = readFileSync(join(sdk, 'examples/cloud.ts'), 'utf8');
    expect(example.trimEnd().split('\n').length).to.be.at.most(60);
  });
});
