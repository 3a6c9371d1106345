import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { methods } from '../../../daemon/catalogue/index.ts';
import { version } from '../../../daemon/version.ts';
import { contract } from '../../../plugin-protocol/contract/index.ts';
import { fieldsOf } from '../../../plugin-protocol/shape.ts';
import { requireSuite } from '../../setup/packages.ts';
import { root } from '../../support/annelid.ts';
import { systemTcl, tclEnvironment } from './command.ts';

const sdk = join(root, 'sdk/tcl');
const run = async (input: string) => (await execa(systemTcl, [], { input, env: tclEnvironment })).stdout;

/** Calls each method by the name and the parameters of its example, as they are in JSON, and says what would have been sent. */
const callAll = `
package require annelid::client
annelid::client create api http://127.0.0.1:1
oo::objdefine api method Ask {body milliseconds} {
    lappend ::sent $body
    return [list {} {{"jsonrpc":"2.0","result":null}}]
}
foreach example [annelid::json decode [read stdin]] {
    set method [dict get $example name]
    set params [dict get $example params]
    set words {}
    dict for {name -} [dict get $annelid::Methods $method params] {
        if {![dict exists $params $name]} continue
        if {$name in [dict get $annelid::Methods $method optional]} {lappend words -$name}
        lappend words [dict get $params $name]
    }
    api $method {*}$words
}
puts \\[[join $sent ,]\\]
`;

describe('The Tcl package', function () {
  this.timeout(60_000);
  before(async function () {
    await requireSuite(this, 'tcl sdk');
  });

  it('passes its own tests', async () => {
    const { all } = await execa(systemTcl, ['tests/all.tcl'], { cwd: sdk, stdin: 'ignore', all: true });
    expect(all).to.match(/^all\.tcl:\tTotal\t([1-9][0-9]+)\tPassed\t\1\tSkipped\t0\tFailed\t0$/m);
    expect(all).not.to.include('exiting with errors');
  });

  it('knows every call of the contract', async () => {
    const said = await run(`package require annelid::plugin
dict for {name call} $annelid::Calls {puts "$name [lsort [dict keys [dict get $call params]]]"}`);
    const calls = [...contract.values()].map(({ name, params }) =>
      [
        name,
        ...fieldsOf(params)
          .map(([field]) => field)
          .sort(),
      ].join(' '),
    );
    expect(said.split('\n').map((line) => line.trim())).to.deep.equal(calls);
  });

  it('sends every example of the catalogue as it stands there', async () => {
    const examples = [...methods.values()].map(({ name, example: { params } }) => ({ name, params }));
    const file = join(await mkdtemp(join(tmpdir(), 'annelid-tcl-')), 'call-all.tcl');
    await writeFile(file, callAll);
    const { stdout } = await execa(systemTcl, [file], { input: JSON.stringify(examples), env: tclEnvironment });
    await rm(dirname(file), { recursive: true });
    const sent = JSON.parse(stdout) as { method: string; params: object }[];
    expect(sent.map(({ method, params }) => ({ name: method, params }))).to.deep.equal(examples);
  });

  it('has types that can all be written, in every record', async () => {
    const said = await run(`package require annelid::plugin; package require annelid::client
proc visit {type} {
  switch [lindex $type 0] {
    list {visit [lindex $type 1]}
    record {dict for {name of} [annelid::json::FieldsOf $type] {visit $of}}
    default {if {$type ne "any" && [catch {annelid::SchemaOf $type} message]} {puts $message}}
  }
}
foreach call [concat [dict values $annelid::Calls] [dict values $annelid::Methods]] {visit [list record {} [dict get $call params]]; visit [dict get $call result]}
puts [dict size $annelid::json::Records]`);
    expect(said).to.match(/^[1-9][0-9]*$/);
  });

  it('has a manual that names each call, each method of the daemon and each command', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-tcl-'));
    const { stdout } = await execa(systemTcl, [join(sdk, 'man.tcl'), folder]);
    // As mpexpand does it, with the warnings of doctools as errors.
    const format = `package require doctools
      foreach file $argv {
        doctools::new manual -format nroff -file $file
        set channel [open $file]; chan configure $channel -encoding utf-8
        puts [manual format [read $channel]]
        foreach warning [manual warnings] {puts stderr $warning}
        manual destroy; close $channel
      }`;
    const file = join(folder, 'format.tcl');
    await writeFile(file, format);
    const pages = await execa(systemTcl, [file, ...stdout.split('\n')]);
    await rm(folder, { recursive: true });
    expect(pages.stderr).to.equal('');
    const named = new Set(
      [...pages.stdout.replaceAll('\\&', '').matchAll(/^\\fB([^\\]+)\\fR/gm)].map(([, name]) => name),
    );
    const commands = ['fault', 'asError', 'log', 'serve', 'publish', 'json decode', 'json encode'];
    expect([...named]).to.include.members([
      ...[...methods.keys(), ...contract.keys()].filter((name) => name.includes('.')),
      ...commands.map((name) => `annelid::${name}`),
    ]);
  });

  it('has the version of the daemon', () => {
    expect(readFileSync(join(sdk, 'packages.tcl'), 'utf8')).to.include(`\nset version ${version}\n`);
  });

  it('has an example of a connector of 60 lines at most', () => {
    expect(readFileSync(join(sdk, 'examples/cloud.tcl'), 'utf8').trimEnd().split('\n').length).to.be.at.most(60);
  });
});
