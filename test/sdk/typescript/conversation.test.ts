import { conversationSuite } from '../conversation.ts';
import { typescriptCommand } from './command.ts';

conversationSuite({
  language: 'TypeScript',
  suite: 'typescript sdk',
  command: typescriptCommand('test/sdk/typescript/lab.ts'),
  trace: /Error: A slip\.\n +at /,
  movesOutput: false,
});
