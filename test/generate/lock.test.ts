import { expect } from 'chai';
import { methods } from '../../daemon/catalogue/index.ts';
import { method } from '../../daemon/catalogue/method.ts';
import { incompatibilities, lockOf } from '../../daemon/generate/lock.ts';
import { bool, int, list, oneOf, optional, record, ref, string } from '../../plugin-protocol/shape.ts';

const codes = {
  conflict: { code: 409, retry: false, doc: '' },
  internal: { code: 500, interop: -32603, retry: false, doc: '' },
};
const Box = record('Box', 'A box.', { id: string('Id.'), size: optional(int('Size.')) });
type Params = Parameters<typeof record>[2];

const baseParams = {
  box: ref('box', 'Which.'),
  size: optional(int('Size.', { minimum: 1, maximum: 100, default: 10 })),
  state: optional(oneOf(['open', 'shut'], 'State.')),
  tags: optional(list(string('Tag.', { maxLength: 20 }), 'Tags.', { maxItems: 5 }), { emptyIsUnset: true }),
};
const facts = { since: '1', doc: '', returns: '', permission: 'read' as const, example: { params: {}, result: {} } };
const open = (params: Params = baseParams, more: object = {}) => ({
  ...method('box.open', { ...facts, params, result: Box }),
  ...more,
});
const list0 = method('box.list', { ...facts, params: {}, result: list(Box, 'Boxes.') });
const published = lockOf([open(), list0], codes);
const brokenBy = (now: Parameters<typeof lockOf>[0], rows = codes as Parameters<typeof lockOf>[1]) => [
  ...incompatibilities(published, lockOf(now, rows)),
];
const withParam = (name: keyof typeof baseParams, shape: Params[string]) =>
  brokenBy([open({ ...baseParams, [name]: shape }), list0]);

describe('Catalogue lock', () => {
  it('lets through what breaks nobody', () => {
    const more = method('box.shut', { ...facts, params: {}, result: record('Shut', 'Shut.', { id: string('Id.') }) });
    const wider = {
      ...baseParams,
      size: optional(int('In other words.', { minimum: 0, maximum: 1000, default: 10 })),
      state: optional(oneOf(['open', 'ajar', 'shut'], 'State.')),
      last: optional(bool('New, optional and last.')),
    };
    const rows = { ...codes, quota: { code: 507, retry: false, doc: '' } };
    expect(brokenBy([open(wider), list0, more], rows)).to.deep.equal([]);
    expect(brokenBy([open(baseParams, { permission: 'public', doc: 'Other prose.' }), list0])).to.deep.equal([]);
  });

  const { box, size, state, tags } = baseParams;
  const broken: [what: string, sentences: string[], found: () => string[]][] = [
    ['a method that is gone', ['The method box.open is gone.'], () => brokenBy([list0])],
    [
      'a method that has another name',
      ['The method box.open is gone.'],
      () => brokenBy([{ ...open(), name: 'box.unlock' }, list0]),
    ],
    [
      'a method that needs more permission',
      ['box.open needed the permission read and needs admin.'],
      () => brokenBy([open(baseParams, { permission: 'admin' }), list0]),
    ],
    ['a parameter that is gone', ['box.open.tags is gone.'], () => brokenBy([open({ box, size, state }), list0])],
    [
      'parameters in another order',
      ['box.open.size has moved from place 2 to 3.', 'box.open.state has moved from place 3 to 2.'],
      () => brokenBy([open({ box, state, size, tags }), list0]),
    ],
    [
      'a new parameter before others',
      ['box.open.tags has moved from place 4 to 5.'],
      () => brokenBy([open({ box, size, state, fresh: optional(bool('New.')), tags }), list0]),
    ],
    [
      'a new parameter that is required',
      ['box.open.fresh is new and required.'],
      () => brokenBy([open({ ...baseParams, fresh: bool('New.') }), list0]),
    ],
    [
      'a parameter that becomes required',
      ['box.open.state is now required.'],
      () => withParam('state', oneOf(['open', 'shut'], 'State.')),
    ],
    [
      'a parameter of another type',
      ['box.open.state was enum and is string.'],
      () => withParam('state', optional(string('State.'))),
    ],
    [
      'a reference to something else',
      ['box.open.box was ref box and is ref vm.'],
      () => withParam('box', ref('vm', 'Which.')),
    ],
    [
      'an enum with fewer words',
      ['box.open.state can no longer be shut.'],
      () => withParam('state', optional(oneOf(['open'], 'State.'))),
    ],
    [
      'narrower bounds',
      ['box.open.size is narrowed: minimum was 1 and is 2.', 'box.open.size is narrowed: maximum was 100 and is 99.'],
      () => withParam('size', optional(int('Size.', { minimum: 2, maximum: 99, default: 10 }))),
    ],
    [
      'narrower bounds of the items of a list',
      ['An item of box.open.tags is narrowed: maxLength was 20 and is 10.'],
      () =>
        withParam(
          'tags',
          optional(list(string('Tag.', { maxLength: 10 }), 'Tags.', { maxItems: 5 }), { emptyIsUnset: true }),
        ),
    ],
    [
      'a pattern',
      ['An item of box.open.tags must match another pattern.'],
      () =>
        withParam(
          'tags',
          optional(list(string('Tag.', { maxLength: 20, pattern: '^a' }), 'Tags.', { maxItems: 5 }), {
            emptyIsUnset: true,
          }),
        ),
    ],
    [
      'a parameter that can no longer be left out by being empty',
      ['box.open.tags is no longer left out by being empty.'],
      () => withParam('tags', optional(list(string('Tag.', { maxLength: 20 }), 'Tags.', { maxItems: 5 }))),
    ],
    [
      'another default',
      ['The default of box.open.size was 10 and is 11.'],
      () => withParam('size', optional(int('Size.', { minimum: 1, maximum: 100, default: 11 }))),
    ],
    [
      'another result',
      ['The result of box.list was list and is record Box.'],
      () => brokenBy([open(), { ...list0, result: Box }]),
    ],
    [
      'a type that is gone',
      [
        'The type Box is gone.',
        'An item of the result of box.list was record Box and is bool.',
        'The result of box.open was record Box and is bool.',
      ],
      () =>
        brokenBy([
          { ...open(), result: bool('On.') },
          { ...list0, result: list(bool('On.'), 'Many.') },
        ]),
    ],
    [
      'a fault that is gone',
      ['The fault conflict is gone.'],
      () => brokenBy([open(), list0], { internal: codes.internal }),
    ],
    [
      'a fault with another code',
      ['The fault internal has another code.'],
      () => brokenBy([open(), list0], { ...codes, internal: { ...codes.internal, interop: -32000 } }),
    ],
  ];
  for (const [what, sentences, found] of broken) {
    it(`names ${what}`, () => expect(found()).to.deep.equal(sentences));
  }

  const records: [what: string, fields: Params, sentences: string[]][] = [
    [
      'a new field, though it is optional',
      { id: string('Id.'), size: optional(int('Size.')), more: optional(bool('More.')) },
      ['Box.more is new, and Box is published: make a new type.'],
    ],
    ['a field that is gone', { id: string('Id.') }, ['Box.size is gone.']],
    [
      'a field that may now be missing',
      { id: optional(string('Id.')), size: optional(int('Size.')) },
      ['Box.id is no longer required.'],
    ],
    [
      'a field of another type',
      { id: string('Id.'), size: optional(string('Size.')) },
      ['Box.size was int and is string.'],
    ],
  ];
  for (const [what, fields, sentences] of records) {
    it(`names a published record with ${what}`, () => {
      const Changed = record('Box', 'A box.', fields);
      const now = [
        { ...open(), result: Changed },
        { ...list0, result: list(Changed, 'Boxes.') },
      ];
      expect(brokenBy(now)).to.deep.equal(sentences);
    });
  }

  it('refuses two records of one name', () => {
    const other = method('box.other', { ...facts, params: {}, result: record('Box', 'Another.', { x: bool('X.') }) });
    expect(() => lockOf([open(), other])).to.throw('Two different records are called Box.');
  });

  it('does not depend on the order in which methods are declared', () => {
    expect(JSON.stringify(lockOf([...methods.values()].reverse()))).to.equal(JSON.stringify(lockOf(methods.values())));
  });
});
