import { cloudSuite } from '../cloud.ts';
import { perlCommand } from './command.ts';

cloudSuite({ language: 'Perl', suite: 'perl sdk', command: perlCommand('sdk/perl/examples/cloud.pl') });
