/** The domain calls of the plugin protocol and their resources as Markdown, for authors in any language. */
import { type ContractCall, interfaces } from '../../plugin-protocol/contract/index.ts';
import { fieldsOf } from '../../plugin-protocol/shape.ts';
import { fieldHeads, fieldRows, table, typeCell, typeSections } from '../frontends/docs/markdown.ts';

const kindOf = ({ mutates, repeatable }: ContractCall): string => {
  if (!mutates) return 'A read.';
  return repeatable
    ? 'A mutation; made twice, it has the effect of once.'
    : 'A mutation; made twice, it would have its effect twice, unless the key says that it was made.';
};

const callSection = (call: ContractCall): string[] => {
  const params = fieldsOf(call.params);
  return [
    `### ${call.name}`,
    `${call.doc} ${kindOf(call)}`,
    params.length === 0 ? 'It takes no parameters.' : table(['Parameter', ...fieldHeads], fieldRows(params)),
    `Result: ${typeCell(call.result)}.`,
  ];
};

export const pluginCalls = (): string => {
  const groups = Object.entries(interfaces).map(
    ([name, calls]) => [name, Object.values(calls) as ContractCall[]] as const,
  );
  const blocks = [
    '<!-- Made from plugin-protocol/contract by daemon/generate; change that, not this. -->',
    '# Calls and resources of plugins',
    "What [PROTOCOL.md](../plugin-protocol/PROTOCOL.md) calls domain calls. A plugin has those that it lists in `describe`; members of results that are not known are dropped, so it may say more. Every `id` here is the backend's own.",
    ...groups.flatMap(([name, calls]) => [`## ${name}`, ...calls.flatMap(callSection)]),
    '## Types',
    ...typeSections(groups.flatMap(([, calls]) => calls)),
  ];
  return `${blocks.join('\n\n')}\n`;
};
