import { conversationSuite } from '../conversation.ts';
import { pythonCommand } from './command.ts';

conversationSuite({
  language: 'Python',
  suite: 'python sdk',
  command: pythonCommand('test/sdk/python/lab.py'),
  trace: /\nTraceback .*\nValueError: A slip\.$/s,
});
