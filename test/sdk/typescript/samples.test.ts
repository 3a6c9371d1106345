import { samplesSuite } from '../samples.ts';
import { typescriptCommand } from './command.ts';

samplesSuite({
  language: 'TypeScript',
  suite: 'typescript sdk',
  command: typescriptCommand('test/sdk/typescript/samples.ts'),
});
