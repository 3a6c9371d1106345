import { conversationSuite } from '../conversation.ts';
import { rubyCommand } from './command.ts';

conversationSuite({
  language: 'Ruby',
  suite: 'ruby sdk',
  command: rubyCommand('test/sdk/ruby/lab.rb'),
  trace: /lab\.rb:\d+:in .*compute_start': A slip\. \(RuntimeError\)\n\tfrom /,
});
