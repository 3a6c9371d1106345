/** Whether the contracts that a configuration names can be served. Nothing is started. */
import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { ContractError, contractFromFile } from './frontends/soap/contract/index.ts';
import { pointerTo } from './settle.ts';
import { readYaml } from './yaml-source.ts';

/** A sentence for each that cannot, with the place in the configuration that names it, and that in the contract. */
export const contractProblems = ({ file, services, limits }: Config): string[] => {
  const problems: string[] = [];
  let source: ReturnType<typeof readYaml> | undefined;
  for (const { name, wsdl, port, headers } of services) {
    if (wsdl === undefined) continue;
    try {
      contractFromFile(wsdl, limits.xml, { ...(port !== undefined && { port }), ...(headers && { headers }) });
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      source ??= file === undefined ? undefined : readYaml(file, readFileSync(file, 'utf8'));
      const pointer = pointerTo(pointerTo('/services', name), 'wsdl');
      const place = source === undefined ? '' : `${source.placeOf(pointer)}: `;
      problems.push(`${place}services.${name}.wsdl: ${error.message}`);
    }
  }
  return problems;
};
