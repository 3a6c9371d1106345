import { expect } from 'chai';
import { type Method, methods, paramsOf } from '../../daemon/catalogue/index.ts';
import { nounCommand } from '../../daemon/cli/method-commands.ts';
import { commandLineOf, flagOf, kebab, positionalsOf } from '../../daemon/cli/names.ts';
import { defaultColumns } from '../../daemon/cli/render.ts';
import { int, type ListShape, list, map, type RecordShape, record } from '../../plugin-protocol/shape.ts';

describe('names on the command line', () => {
  it('writes camel case with hyphens', () => {
    expect(['powerOff', 'memoryMiB', 'freeMemoryMiB', 'getAPIVersion', 'list'].map(kebab)).to.deep.equal([
      'power-off',
      'memory-mib',
      'free-memory-mib',
      'get-api-version',
      'list',
    ]);
  });

  it('lists a method by its first sentence, or by its first paragraph', () => {
    const docs = ['Adds. And more.', 'Adds\n\n  @param int one of them', 'Adds.\nAnd more.', 'Adds\n all:\n @param x'];
    const methodsOf = docs.map((doc, at) => ({ ...methods.get('vm.list')!, doc, name: `old.m${at}` }));
    const { commands } = nounCommand('old', 'What a plugin publishes.', methodsOf, () => ({}));
    expect(commands.map((command) => command.summary())).to.deep.equal(['Adds', 'Adds', 'Adds', 'Adds all:']);
  });

  it('gives no two parameters of a method the same flag', () => {
    for (const method of methods.values()) {
      const flags = paramsOf(method).map(([name, shape]) => flagOf(name, shape));
      expect(new Set(flags).size, method.name).to.equal(flags.length);
    }
  });

  it('names what can be given several times in the singular', () => {
    const shapes = new Map(paramsOf(methods.get('vm.create') as Method).map(([name, shape]) => [name, shape]));
    expect(['disks', 'networks', 'labels', 'vcpus'].map((name) => flagOf(name, shapes.get(name)!))).to.deep.equal([
      '--disk',
      '--network',
      '--label',
      '--vcpus',
    ]);
  });

  it('takes what must be given without a flag, but never a password', () => {
    const names = (method: string) => positionalsOf(methods.get(method) as Method).map(([name]) => name);
    expect(names('vm.start')).to.deep.equal(['vm']);
    expect(names('session.login')).to.deep.equal(['user']);
    expect(names('vm.list')).to.deep.equal([]);
  });

  it('writes a call as the command that makes it, quoted for a shell', () => {
    const params = {
      name: "it's new",
      memoryMiB: 1024,
      disks: [{ sizeMiB: 1 }],
      networks: ['default'],
      labels: { tier: 'front' },
      start: false,
    };
    expect(commandLineOf(methods.get('vm.create') as Method, params)).to.equal(
      `annelid vm create 'it'\\''s new' --memory-mib 1024 --disk '{"sizeMiB":1}' --network default --label tier=front --no-start`,
    );
  });

  it('writes lists and maps that must be given as JSON', () => {
    const points = list(record('Point', 'A point.', { x: int('Right.') }), 'Where.');
    const labels = map('Words.');
    const draw = {
      ...methods.get('vm.create')!,
      name: 'art.draw',
      params: record('', '', { points, labels }),
    } as Method;
    expect(commandLineOf(draw, { points: [{ x: 1 }], labels: { a: 'b' } })).to.equal(
      `annelid art draw '[{"x":1}]' '{"a":"b"}'`,
    );
  });

  it('has default columns for every list, and only fields that are there', () => {
    for (const method of methods.values()) {
      const { items, events } = (method.result as RecordShape).properties ?? {};
      const list = (items ?? events) as ListShape | undefined;
      if (list === undefined) continue;
      const fields = Object.keys((list.items as RecordShape).properties);
      expect(fields, method.name).to.include.members([...(defaultColumns[method.name.split('.')[0]!] ?? ['missing'])]);
    }
  });
});
