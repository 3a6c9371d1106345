import { cloudSuite } from '../cloud.ts';
import { typescriptCommand } from './command.ts';

cloudSuite({
  language: 'TypeScript',
  suite: 'typescript sdk',
  command: typescriptCommand('sdk/typescript/examples/cloud.ts'),
});
