/** A plugin that keeps nothing itself: its numbers and its secret are the daemon's. */
import { createHash } from 'node:crypto';
import { Fault, type Host, publish, published, serve, shapes } from '../../../sdk/typescript/plugin/index.ts';

/** The next number, which nobody has had: whoever was faster has changed the version. */
const next = async (host: Host): Promise<number> => {
  for (;;) {
    const { value = 0, version } = await host.state<number>('last');
    try {
      await host.keep('last', value + 1, { version });
      return value + 1;
    } catch (error) {
      if (!(error instanceof Fault && error.kind === 'conflict')) throw error;
    }
  }
};

const counter = publish('counter', 'Gives each number once.', {
  next: published({
    doc: 'The next number.',
    params: {},
    result: shapes.int('A number that nobody has had.'),
    call: (_, { host }) => next(host),
  }),
  digest: published({
    doc: 'What shows that the secret is there.',
    params: {},
    result: shapes.string('SHA-256 of it.'),
    changes: false,
    call: async (_, { host }) =>
      createHash('sha256')
        .update(await host.secret('token'))
        .digest('hex'),
  }),
});

await serve('counter', {}, { version: '1', publishes: [counter] });
