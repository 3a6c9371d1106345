import { samplesSuite } from '../samples.ts';
import { rubyCommand } from './command.ts';

samplesSuite({ language: 'Ruby', suite: 'ruby sdk', command: rubyCommand('test/sdk/ruby/samples.rb') });
