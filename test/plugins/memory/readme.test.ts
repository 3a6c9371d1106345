import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { Config } from '../../../plugins/memory/settings.ts';
import { join } from './join.ts';

const readme = await readFile(new URL('../../../plugins/memory/README.md', import.meta.url), 'utf8');

describe('the README of the memory cloud', () => {
  it('shows a configuration that works', async () => {
    const [, yaml = ''] = readme.match(/```yaml\n([^`]*)```/) ?? [];
    const { file, ...config } = parse(yaml).connectors.lab.config;
    expect(file).to.equal('/var/lib/annelid/lab.json');
    const cloud = await join(config);
    const { items } = await cloud.call('compute.list', {});
    expect(items.map(({ name, state }) => `${name} ${state}`)).to.deep.equal(['web1 running', 'db1 stopped']);
  });

  it('has a row for every field of the configuration', () => {
    for (const field of [...Object.keys(Config.properties), 'latencyMs']) expect(readme).to.include(`| \`${field}\``);
  });
});
