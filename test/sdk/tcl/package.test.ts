import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { version } from '../../../daemon/version.ts';
import { contract } from '../../../plugin-protocol/contract/index.ts';
import { fieldsOf } from '../../../plugin-protocol/shape.ts';
import { requireSuite } from '../../setup/packages.ts';
import { root } from '../../support/annelid.ts';
import { systemTcl, tclEnvironment } from './command.ts';

const sdk = join(root, 'sdk/tcl');
const run = async (input: string) => (await execa(systemTcl, [], { input, env: tclEnvironment })).stdout;

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

  it('has types that can all be written, in every record', async () => {
    const said = await run(`package require annelid::plugin
proc visit {type} {
  switch [lindex $type 0] {
    list {visit [lindex $type 1]}
    record {dict for {name of} [annelid::json::FieldsOf $type] {visit $of}}
    default {if {$type ne "any" && [catch {annelid::SchemaOf $type} message]} {puts $message}}
  }
}
foreach call [dict values $annelid::Calls] {visit [list record {} [dict get $call params]]; visit [dict get $call result]}
puts [dict size $annelid::json::Records]`);
    expect(said).to.match(/^[1-9][0-9]*$/);
  });

  it('has the version of the daemon', () => {
    expect(readFileSync(join(sdk, 'packages.tcl'), 'utf8')).to.include(`\nset version ${version}\n`);
  });

  it('has an example of a connector of 60 lines at most', () => {
    expect(readFileSync(join(sdk, 'examples/cloud.tcl'), 'utf8').trimEnd().split('\n').length).to.be.at.most(60);
  });
});
