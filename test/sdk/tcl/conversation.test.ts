import { conversationSuite } from '../conversation.ts';
import { tclCommand } from './command.ts';

conversationSuite({
  language: 'Tcl',
  suite: 'tcl sdk',
  command: tclCommand('test/sdk/tcl/lab.tcl'),
  trace: /\nA slip\.\n {4}while executing\n"error "A slip\."".*$/s,
  // The core of Tcl cannot catch signals.
  hearsSignals: false,
});
