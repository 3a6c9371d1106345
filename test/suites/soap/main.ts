/** A plugin that publishes the echo services of the public suites. Its parameters are of any kind: contracts say what they are. */
import { publish, published, serve, shapes } from '../../../sdk/typescript/plugin/index.ts';
import { type Echo, echoServices } from './echoes.ts';

const fieldFor = (name: string) => {
  const one = shapes.any('A value.');
  return [name.replace('*', ''), shapes.optional(name.endsWith('*') ? shapes.list(one, 'All of them.') : one)] as const;
};
const headersOf = (name: string, names: readonly string[] | undefined) =>
  names === undefined
    ? {}
    : { headers: shapes.optional(shapes.record(name, 'Headers.', Object.fromEntries(names.map(fieldFor)))) };

const anything = shapes.any('The same.');
/** Where headers are answered, the parts of the Body stand beside them. */
const withHeaders = (name: string, headers: object): unknown =>
  shapes.record(`${name}Result`, 'What is answered.', {
    responseOk: shapes.optional(anything),
    responseHeader: shapes.optional(anything),
    ...headers,
  });

const methodFor = ({ params, headers, replyHeaders, answer }: Echo, name: string) => {
  const fields = Object.fromEntries(params.map(fieldFor));
  const parts = headersOf(`${name}ReplyHeaders`, replyHeaders);
  return published({
    doc: 'Echoes.',
    params: { ...fields, ...headersOf(`${name}Headers`, headers) },
    result: replyHeaders === undefined ? anything : (withHeaders(name, parts) as typeof anything),
    permission: 'public',
    changes: false,
    call: (given) => answer(given) as shapes.Json,
  });
};

/** Services are named like the files of their contracts, in letters that a service may have. */
const tables = Object.entries(echoServices).map(([file, echoes]) =>
  publish(
    file.replaceAll('-', '_'),
    'Echoes.',
    Object.fromEntries(Object.entries(echoes).map(([name, echo]) => [name, methodFor(echo, name)])),
  ),
);

await serve('echoes', {}, { version: '1', publishes: tables });
