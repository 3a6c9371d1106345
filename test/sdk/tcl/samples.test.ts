import { samplesSuite } from '../samples.ts';
import { tclCommand } from './command.ts';

samplesSuite({ language: 'Tcl', suite: 'tcl sdk', command: tclCommand('test/sdk/tcl/samples.tcl') });
