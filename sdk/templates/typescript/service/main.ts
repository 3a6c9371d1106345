/** A service that sample-plugin publishes: its methods are on every wire of the daemon. Put your own in their place. */
import { publish, published, serve, shapes } from 'annelid-sdk/plugin';

const service = publish('samplePlugin', 'Greets people.', {
  greet: published({
    doc: 'Greet somebody.',
    params: {
      name: shapes.string('Whom.', { minLength: 1, maxLength: 100 }),
      times: shapes.int('How often.', { minimum: 1, maximum: 10, default: 1 }),
    },
    result: shapes.string('The greeting.'),
    changes: false,
    call: ({ name, times = 1 }) => Array(times).fill(`Hello, ${name}!`).join(' '),
  }),
});

await serve('sample-plugin', {}, { version: '0.1.0', publishes: [service] });
