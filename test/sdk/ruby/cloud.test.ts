import { cloudSuite } from '../cloud.ts';
import { rubyCommand } from './command.ts';

cloudSuite({ language: 'Ruby', suite: 'ruby sdk', command: rubyCommand('sdk/ruby/examples/cloud.rb') });
