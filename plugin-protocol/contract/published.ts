/** Methods of a plugin's own, which the daemon offers to its callers beside the catalogue. */
import { any, bool, list, oneOf, optional, record, type Static, string } from '../shape.ts';

/** What services and their methods may be called. */
const name = '^[A-Za-z][A-Za-z0-9_]*$';

const schema = (description: string) => optional(any(description, { 'x-plain': true, 'x-max-depth': 64 }));

export const PublishedMethod = record('PublishedMethod', 'A method that a plugin publishes.', {
  name: string('Its name; it is called as `<service>.<name>`.', { pattern: name, maxLength: 64 }),
  doc: optional(string('What it does, for users.', { maxLength: 65_536, default: '' })),
  params: schema('JSON Schema of its parameters: an object, whose properties are in the order of the parameters.'),
  order: optional(
    list(string('A parameter.', { maxLength: 128 }), 'The order of the parameters, where objects have none.', {
      maxItems: 1024,
    }),
  ),
  result: schema('JSON Schema of its result; a value of any kind when left out.'),
  returns: optional(string('What the result means, for users.', { maxLength: 65_536, default: '' })),
  changes: optional(
    bool('Whether it changes something. A call that may have is never made again, and gets a key.', { default: true }),
  ),
  permission: optional(
    oneOf(
      ['public', 'read', 'operate', 'admin'],
      'Who may call it: anyone, every user, users but readers, administrators; `operate` when it changes something, else `read`.',
    ),
  ),
  example: optional(
    record('PublishedExample', 'A call for the documentation.', {
      params: schema('The parameters by their names.'),
      result: schema('What it answers.'),
    }),
  ),
});
export type PublishedMethod = Static<typeof PublishedMethod>;

export const PublishedInterface = record('PublishedInterface', 'A service that a plugin publishes.', {
  service: string('Its name: the noun of its methods.', { pattern: name, maxLength: 64 }),
  doc: optional(string('What it is, for users.', { maxLength: 65_536, default: '' })),
  methods: list(PublishedMethod, 'Its methods.', { maxItems: 4096 }),
});
export type PublishedInterface = Static<typeof PublishedInterface>;

/** Objects with their members in one order: some languages write them in another one each time. */
const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** What a caller relies on, as text: what was checked and allowed by one description may be called by another with the same. */
export const termsOf = ({ params, result, changes, permission }: PublishedMethod): string =>
  JSON.stringify([params, result, changes, permission], sorted);

/** Parameters of these names belong to the protocol. */
export const reservedParams: readonly string[] = ['ctx'];
