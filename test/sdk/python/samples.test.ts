import { samplesSuite } from '../samples.ts';
import { pythonCommand } from './command.ts';

samplesSuite({ language: 'Python', suite: 'python sdk', command: pythonCommand('test/sdk/python/samples.py') });
