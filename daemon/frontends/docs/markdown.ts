/** The reference as one Markdown document, for those who read the sources. */
import { type FaultKind, faults } from '../../../plugin-protocol/faults.ts';
import { fieldsOf, type Shape } from '../../../plugin-protocol/shape.ts';
import { type Method, paramsOf } from '../../catalogue/method.ts';
import { namedRecords } from '../../catalogue/records.ts';
import { limitGroups } from '../../limits.ts';
import { wsdls } from '../soap-documents.ts';
import { switches } from '../xmlrpc-switches.ts';
import { boundsOf, defaultOf, faultCodes, faultsOf, groupsOf, permissions, typeOf } from './describe.ts';
import { examplesOf, wires } from './examples.ts';

/** A bar would end the cell, in code too. */
const cell = (text: string) => text.replaceAll('|', '\\|');
export const table = (heads: string[], rows: string[][]): string =>
  [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

export const typeCell = (shape: Shape): string => {
  const { words, record } = typeOf(shape);
  return record === undefined ? words : `[${words}](#${record.toLowerCase()})`;
};
export const fieldRows = (fields: ReturnType<typeof fieldsOf>): string[][] =>
  fields.map(([name, shape, required]) => {
    const standIn = defaultOf(shape);
    const bounds = [boundsOf(shape), standIn === undefined ? '' : `default \`${standIn}\``].filter(Boolean).join('; ');
    return [`\`${name}\``, typeCell(shape), required ? 'yes' : '', bounds, shape.description];
  });
export const fieldHeads = ['Type', 'Required', 'Bounds', 'Meaning'];

const fence = (language: string, code: string) => `\`\`\`${language}\n${code}\n\`\`\``;
const shownExamples = new Set(['Python', 'Command line']);

const methodSection = (method: Method, url: string): string[] => [
  `### ${method.name}`,
  method.doc,
  `Since ${method.since}. ${permissions[method.permission]}`,
  paramsOf(method).length === 0
    ? 'It takes no parameters.'
    : table(['Parameter', ...fieldHeads], fieldRows(paramsOf(method))),
  `Result: ${typeCell(method.result)}. ${method.returns}`,
  `Faults: ${faultsOf(method)
    .map((kind) => `\`${kind}\``)
    .join(', ')}.`,
  ...examplesOf(method, url)
    .filter(({ title }) => shownExamples.has(title))
    .map(({ language, code }) => fence(language, code)),
];

/** A section for each record that calls take or return. */
export const typeSections = (calls: Parameters<typeof namedRecords>[0]): string[] =>
  [...namedRecords(calls)].flatMap(([name, shape]) => [
    `### ${name}`,
    shape.description,
    ...(fieldsOf(shape).length === 0 ? [] : [table(['Field', ...fieldHeads], fieldRows(fieldsOf(shape)))]),
  ]);

/** `url` stands in the examples for the daemon. */
export const markdownReference = (methods: ReadonlyMap<string, Method>, url: string): string => {
  const blocks = [
    '<!-- Made from the catalogue by daemon/generate; change that, not this. -->',
    '# Reference',
    'The same reference, with examples for every wire, is served by the daemon at `/docs`.',
    table(
      ['What', 'Path', ''],
      wires.map(({ name, path, doc }) => [name, `\`${path}\``, doc]),
    ),
    '## XML-RPC',
    'Replies are written so that every client can read them. A client that can read more, or less, says so in the address: `/RPC2?nil=nil&text=bmp`, or `/RPC2/nil=nil&text=bmp` where it drops what stands behind the question mark. What the address says holds whatever a call shows. What is read depends on `references` alone.',
    ...Object.entries(switches).flatMap(([name, { doc, settings }]) => [
      `### ${name}`,
      doc,
      table(
        ['Setting', 'What it does'],
        Object.entries(settings).map(([setting, about], at) => [
          `\`${setting}\``,
          at === 0 ? `${about} The default.` : about,
        ]),
      ),
    ]),
    '## SOAP',
    'SOAP 1.1 and 1.2 in every style, on one address; a client is answered in the style of its request. Who is calling may stand in the message (WS-Security), and bytes beside it (MTOM): [soap.md](soap.md).',
    table(
      ['WSDL', 'For'],
      wsdls.map(({ query, doc }) => [`\`/soap?${query}\``, doc]),
    ),
    '## Methods',
    ...groupsOf(methods.values()).flatMap(({ methods: group }) => group.flatMap((one) => methodSection(one, url))),
    '## Types',
    ...typeSections(methods.values()),
    '## Faults',
    table(
      ['Kind', 'Code', 'HTTP-like', 'Again later?', 'Meaning'],
      (Object.keys(faults) as FaultKind[]).map((kind) => {
        const { wire, code, retry, doc } = faultCodes(kind);
        return [`\`${kind}\``, String(wire), String(code), retry ? 'yes' : 'no', doc];
      }),
    ),
    '## Limits',
    'In the configuration they stand under `limits`, each in its group:',
    '```yaml\nlimits:\n  http:\n    bodyBytes: 67108864\n  xml:\n    textLength: 67108864\n```',
    'For one start it is `annelid serve --set limits.http.bodyBytes=67108864`. What is beyond a limit is answered with a fault that names it.',
    table(
      ['Name', 'Default', 'What it bounds'],
      Object.entries(limitGroups).flatMap(([group, of]) =>
        fieldsOf(of).map(([name, shape]) => [`\`${group}.${name}\``, String(shape.default), shape.description]),
      ),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
};
