import { expect } from 'chai';
import { execa } from 'execa';
import { clientDaemons } from '../client-daemons.ts';
import { systemTcl, tclEnvironment } from './command.ts';

const code = `package require annelid::client
set api [annelid::client local $env(STATE)]
set names {}
$api each vm vm.list -limit 1 {lappend names [dict get $vm name]}
puts "[expr {$names eq [lmap vm [dict get [$api vm.list] items] {dict get $vm name}]}] [expr {[llength $names] > 1}]"
set name tcl[pid]
set made [$api wait [$api vm.create $name -memoryMiB 64 -labels {tier 1}]]
puts "[dict get $made state] [dict get [$api wait [dict get $made id]] method] [dict get [$api vm.get $name] labels]"
puts [dict get [$api wait [$api vm.start $name -wait 30]] state]
set wrong [annelid::client new $env(URL) -user admin -password wrong]
foreach refused [list [list $api vm.start $name] [list $api vm.get none] [list $api vm.create x -memoryMiB 1] [list $wrong vm.list]] {
    try {
        {*}$refused
    } trap ANNELID {message options} {
        lassign [dict get $options -errorcode] - kind data
        puts "$kind [expr {[dict exists $data field] ? [dict get $data field] : {-}}]"
    }
}
set cursor [dict get [$api event.poll] next]
$api wait [$api vm.powerOff $name]
$api vm.delete $name -wait 30
set types {}
foreach event [dict get [$api event.poll -after $cursor -types {vm.state vm.deleted}] events] {
    if {[dict get $event resource] eq [dict get $made resource]} {lappend types [dict get $event type]}
}
puts [lindex $types end]
`;

describe("Tcl's client, at a real daemon", function () {
  this.timeout(60_000);
  const daemons = clientDaemons('tcl sdk');

  it('reads page by page, waits, and fails with faults by their kind', async () => {
    const daemon = await daemons.start();
    const { stdout } = await execa(systemTcl, [], {
      input: code,
      env: { ...tclEnvironment, STATE: daemon.state, URL: daemon.url },
    });
    expect(stdout.split('\n')).to.deep.equal([
      '1 1',
      'succeeded vm.create tier 1',
      'succeeded',
      'conflict -',
      'not-found -',
      'invalid-params /memoryMiB',
      'unauthenticated -',
      'vm.deleted',
    ]);
  });

  it('speaks TLS with what is registered for it, and says so where nothing is', async () => {
    const { url, cert } = await daemons.startWithTls();
    const input = `package require annelid::client
      annelid::client create api ${url}
      try {api system.version} trap {ANNELID unavailable} message {puts $message}
      package require tls
      http::register https 443 [list tls::socket -autoservername 1 -require 1 -cafile ${cert}]
      puts [dict get [api system.version] name]`;
    const { stdout } = await execa(systemTcl, [], { input, env: tclEnvironment });
    expect(stdout.split('\n')).to.deep.equal([
      `${url} cannot be reached: https needs a package, such as tls, that is given to http::register.`,
      'annelid',
    ]);
  });
});
