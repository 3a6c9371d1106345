import { samplesSuite } from '../samples.ts';
import { perlCommand } from './command.ts';

samplesSuite({
  language: 'Perl',
  suite: 'perl sdk',
  command: perlCommand('test/sdk/perl/samples.pl'),
  isSerial: true,
});
