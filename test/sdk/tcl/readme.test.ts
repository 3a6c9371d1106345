import { expect } from 'chai';
import { readmeSuite } from '../readme.ts';
import { systemTcl } from './command.ts';

const session = `package require annelid::client
lassign $argv state url password
annelid::client create api $url
api login admin $password
puts [dict get [api session.whoami] token]
puts "[api call meter.read {name east}] [api call meter.read {name east unit A}]"
puts "[api system.methodHelp meter.read] [api system.methodSignature meter.read]"
`;

readmeSuite({
  language: 'Tcl',
  suite: 'tcl sdk',
  sdk: 'sdk/tcl',
  end: 'tcl',
  fence: 'tcl',
  command: [systemTcl],
  env: { TCLLIBPATH: 'lib' },
  session: { code: session, says: 'true\n229.5 4\nRead a meter. {double string} {double string string}' },
  async installed(shell) {
    // Each way of looking for packages finds it.
    const found = 'puts [package require annelid::plugin]; puts [info commands annelid::serve]';
    for (const first of ['tcl::tm::path add lib', 'lappend auto_path lib', '']) {
      const script = `unset ${first === '' ? 'HOME' : 'TCLLIBPATH'}; echo '${first}; ${found}' | ${systemTcl}`;
      expect(await shell(script), first).to.match(/^[0-9.]+\n(::)?annelid::serve$/);
    }
  },
});
