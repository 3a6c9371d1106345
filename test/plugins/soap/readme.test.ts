import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { Config, settingsFrom } from '../../../plugins/soap/settings.ts';

const readme = await readFile(new URL('../../../plugins/soap/README.md', import.meta.url), 'utf8');

describe('the README of the SOAP bridge', () => {
  it('shows a configuration that works', () => {
    const [, yaml = ''] = readme.match(/```yaml\n([^`]*)```/) ?? [];
    const settings = settingsFrom({ ...parse(yaml).connectors.warehouse.config, password: 'x' }, 'warehouse');
    expect([settings.service, settings.changes('GetLevel'), settings.faultOf('SoldOut')]).to.deep.equal([
      'warehouse',
      false,
      'conflict',
    ]);
  });

  it('has a row for every field of the configuration', () => {
    for (const field of Object.keys(Config.properties))
      expect(readme).to.match(new RegExp(`^\\|[^|]*\`${field}\``, 'm'));
  });
});
