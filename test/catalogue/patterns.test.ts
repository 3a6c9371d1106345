import { expect } from 'chai';
import { methods } from '../../daemon/catalogue/index.ts';
import { Settings } from '../../daemon/config/settings.ts';
import type { Shape } from '../../plugin-protocol/shape.ts';

const stringsIn = (shape: Shape): Extract<Shape, { 'x-kind': 'string' }>[] => {
  switch (shape['x-kind']) {
    case 'string':
      return [shape];
    case 'list':
      return stringsIn(shape.items);
    case 'record':
      return Object.values(shape.properties).flatMap(stringsIn);
    default:
      return [];
  }
};

describe('the patterns of the catalogue and of the settings', () => {
  it('all say in words what they ask for', () => {
    const shapes = [...[...methods.values()].flatMap(({ params, result }) => [params, result]), Settings];
    const patterned = shapes.flatMap(stringsIn).filter(({ pattern }) => pattern !== undefined);
    expect(patterned).not.to.deep.equal([]);
    expect(patterned.filter((shape) => shape['x-pattern-words'] === undefined)).to.deep.equal([]);
  });
});
