import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { methods } from '../../../daemon/catalogue/index.ts';
import { version } from '../../../daemon/version.ts';
import { contract } from '../../../plugin-protocol/contract/index.ts';
import { fieldsOf } from '../../../plugin-protocol/shape.ts';
import { requireSuite } from '../../setup/packages.ts';
import { sdk, systemRuby } from './command.ts';

const ruby = (args: string[], input = '') =>
  execa(systemRuby, ['-w', '-Ilib', ...args], { cwd: sdk, input, all: true });

/** Calls each method by the name and the parameters of its example, and says what would have been sent. */
const callAll = `
require "json"
require "annelid/client"
sent = []
methods = Annelid::Methods.new(->(method, params) { sent << { name: method, params: params.compact } })
JSON.parse($stdin.read, symbolize_names: true).each do |example|
  noun, verb = example[:name].split(".")
  group = methods.public_send(noun)
  name = verb.gsub(/([A-Z])/, '_\\\\1').downcase
  given = example[:params].dup
  first = group.method(name).parameters.select { |type, _| type == :req }.map { |_, param| given.delete(param) }
  group.public_send(name, *first, **given)
end
puts JSON.generate(sent)
`;
const listCalls = `
require "json"
require "annelid/plugin"
names = ->(method) { Annelid::Calls.instance_method(method).parameters.map(&:last).sort }
puts JSON.generate(Annelid::CALLS.map { |method, call| [call, names.(method)] })
`;
const runAll = 'Dir["./test/test_*.rb"].each { |file| require file }';
const passed = /^[1-9][0-9]+ runs, [1-9][0-9]+ assertions, 0 failures, 0 errors, 0 skips$/m;
/** The grammar of the oldest version that is served, over all files. */
const parseAll = `
require "parser/ruby27"
files = Dir["{lib,examples,test}/**/*.rb"]
files.each { |file| Parser::Ruby27.parse_file(file) }
puts files.size > 20
`;

describe('The Ruby package', function () {
  this.timeout(60_000);
  before(async function () {
    await requireSuite(this, 'ruby sdk');
  });

  it('passes its own tests', async () => {
    const { all } = await ruby(['-Itest', '-e', runAll]);
    expect(all)
      .to.match(passed)
      .and.not.match(/annelid\/.*warning/);
  });

  // Debian has no 2.7 beside its own: what runs with the core library of 2.6 uses nothing younger.
  it('passes them on the core library of Ruby 2.6, which is that of JRuby 9.3', async () => {
    const { stdout: minitest } = await ruby(['-e', 'gem "minitest"; puts $LOAD_PATH.grep(/minitest/).first']);
    const { all } = await execa('/usr/bin/jruby', [`-I${minitest}`, '-Ilib', '-Itest', '-e', runAll], {
      cwd: sdk,
      all: true,
    });
    expect(all).to.match(passed);
  });

  it('is written in the grammar of Ruby 2.7, the oldest that it serves', async () => {
    expect((await execa(systemRuby, ['-e', parseAll], { cwd: sdk })).stdout).to.equal('true');
  });

  it('has documentation of everything that is public, without a warning', async () => {
    const output = await mkdtemp(join(tmpdir(), 'annelid-yard-'));
    try {
      const database = ['--db', join(output, 'db'), '--output-dir', join(output, 'doc')];
      const { all } = await execa('/usr/bin/yard', ['doc', '--fail-on-warning', ...database], { cwd: sdk, all: true });
      expect(all).to.match(/^ *100\.00% documented$/m);
    } finally {
      await rm(output, { recursive: true, force: true });
    }
  });

  it('sends every example of the catalogue as it stands there', async () => {
    const examples = [...methods.values()].map(({ name, example: { params } }) => ({ name, params }));
    const { stdout } = await ruby(['-e', callAll], JSON.stringify(examples));
    expect(JSON.parse(stdout)).to.deep.equal(examples);
  });

  it('has a method for every call of the contract', async () => {
    const { stdout } = await ruby(['-e', listCalls]);
    const calls = [...contract.values()].map(({ name, params }) => [
      name,
      fieldsOf(params)
        .map(([field]) => field)
        .sort(),
    ]);
    expect(JSON.parse(stdout)).to.deep.equal(calls);
  });

  it('has the version of the daemon', () => {
    expect(readFileSync(join(sdk, 'lib/annelid/version.rb'), 'utf8')).to.include(`VERSION = "${version}"\n`);
  });

  it('has an example of a connector of 60 lines at most', () => {
    expect(readFileSync(join(sdk, 'examples/cloud.rb'), 'utf8').trimEnd().split('\n').length).to.be.at.most(60);
  });
});
