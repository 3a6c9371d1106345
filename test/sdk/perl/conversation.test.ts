import { conversationSuite } from '../conversation.ts';
import { perlCommand } from './command.ts';

conversationSuite({
  language: 'Perl',
  suite: 'perl sdk',
  command: perlCommand('test/sdk/perl/lab.pl'),
  trace: /A slip\. at \S+lab\.pl line \d+\.\n\tin Lab::compute_start called at /,
  isSerial: true,
});
