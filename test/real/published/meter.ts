/** A plugin that publishes methods with the kit: typed, and with values of any kind. */
import { Fault, publish, published, serve, shapes } from '../../../sdk/typescript/plugin/index.ts';

const Sample = shapes.record('Sample', 'A reading.', {
  at: shapes.time('When.'),
  value: shapes.number('How much.'),
  ticks: shapes.counter('Since ever.'),
  raw: shapes.optional(shapes.bytes('As it was sent.')),
});

const meter = publish('meter', 'Reads the meters of the building.', {
  read: published({
    doc: 'Read a meter. It is asked each time.',
    params: {
      name: shapes.string('Which.', { maxLength: 20 }),
      unit: shapes.oneOf(['V', 'A'], 'In what.', { default: 'V' }),
    },
    result: shapes.list(Sample, 'The last readings.'),
    returns: 'The last readings.',
    changes: false,
    call: ({ name, unit }, { actor }) => {
      if (name === 'broken') throw new Fault('failed', 'The meter does not answer.', { provider: 'E17' });
      const raw = Buffer.from(`${actor} ${name} ${unit}`).toString('base64');
      return [{ at: '2026-01-31T12:00:00.000Z', value: 1.5, ticks: '9007199254740993', raw }];
    },
  }),
  echo: published({
    doc: 'Answers what it is given.',
    params: { value: shapes.any('A value.') },
    result: shapes.any('The same.'),
    permission: 'public',
    call: ({ value }) => value,
  }),
});

await serve('meter', {}, { version: '1.2', publishes: [meter] });
