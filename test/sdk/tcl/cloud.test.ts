import { cloudSuite } from '../cloud.ts';
import { tclCommand } from './command.ts';

cloudSuite({ language: 'Tcl', suite: 'tcl sdk', command: tclCommand('sdk/tcl/examples/cloud.tcl') });
