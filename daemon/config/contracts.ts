/** Whether the contracts that a configuration names can be served. Nothing is started. */
import { readFileSync } from 'node:fs';
import { ContractError, contractFromFile } from '../frontends/soap/contract/index.ts';
import type { Config } from './config.ts';
import { pointerTo } from './settle.ts';
import { readYaml } from './yaml-source.ts';

/** A sentence for each mistake, with the place in the configuration that names it, and that in the contract. */
export const contractProblems = ({ file, services, limits }: Config): string[] => {
  const problems: string[] = [];
  let source: ReturnType<typeof readYaml> | undefined;
  const report = (steps: string[], complaint: string) => {
    source ??= file === undefined ? undefined : readYaml(file, readFileSync(file, 'utf8'));
    const place = source === undefined ? '' : `${source.placeOf(steps.reduce(pointerTo, ''))}: `;
    problems.push(`${place}${steps.join('.')}: ${complaint}`);
  };
  for (const { name, wsdl, port, headers, operations = {} } of services) {
    if (wsdl === undefined) continue;
    try {
      const options = { ...(port !== undefined && { port }), ...(headers && { headers }) };
      const contract = contractFromFile(wsdl, limits.xml, options);
      for (const operation of Object.keys(operations)) {
        if (contract.operations.some((one) => one.name === operation)) continue;
        report(['services', name, 'operations', operation], `${wsdl} has no such operation.`);
      }
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      report(['services', name, 'wsdl'], error.message);
    }
  }
  return problems;
};
