import { findOldestPython } from '../../setup/python.ts';
import { cloudSuite } from '../cloud.ts';
import { pythonCommand } from './command.ts';

const example = 'sdk/python/examples/cloud.py';

cloudSuite({
  language: 'Python',
  suite: 'python sdk',
  command: pythonCommand(example),
  oldest: async () => {
    const python = await findOldestPython();
    return python === undefined ? undefined : pythonCommand(example, python);
  },
});
