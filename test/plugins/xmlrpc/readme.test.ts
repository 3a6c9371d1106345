import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { Config, settingsFrom } from '../../../plugins/xmlrpc/settings.ts';

const readme = await readFile(new URL('../../../plugins/xmlrpc/README.md', import.meta.url), 'utf8');

describe('the README of the XML-RPC bridge', () => {
  it('shows a configuration that works', () => {
    const [, yaml = ''] = readme.match(/```yaml\n([^`]*)```/) ?? [];
    const settings = settingsFrom({ ...parse(yaml).connectors.billing.config, password: 'x' }, 'billing');
    expect([settings.service, settings.changes('invoice.getAll'), settings.changes('invoice.pay')]).to.deep.equal([
      'billing',
      false,
      true,
    ]);
  });

  it('has a row for every field of the configuration', () => {
    for (const field of Object.keys(Config.properties))
      expect(readme).to.match(new RegExp(`^\\|[^|]*\`${field}\``, 'm'));
  });
});
