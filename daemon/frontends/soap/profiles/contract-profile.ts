/** A service of a plugin in the form of an existing contract. */

import type { Shape } from '../../../../plugin-protocol/shape.ts';
import { inSlices } from '../../../../plugin-protocol/slices.ts';
import type { Method } from '../../../catalogue/index.ts';
import type { PublishedService } from '../../../catalogue/published.ts';
import type { FrontendContext } from '../../frontend.ts';
import type { ServiceProfile } from '../../service-profile.ts';
import { contractFromFileInSlices, contractService, methodsFor, misfit } from '../contract/index.ts';
import type { Service } from '../service/service.ts';
import { pathOf } from './profiles.ts';

/** Reads the contract. Rejects with a `ContractError`. */
export const contractForm = async (
  profile: ServiceProfile & { wsdl: string },
  { log, limits }: FrontendContext,
): Promise<(published: PublishedService) => Service> => {
  const { name, wsdl, port, headers, roles, strict } = profile;
  const options = { ...(port !== undefined && { port }), ...(headers !== undefined && { headers }) };
  const contract = await inSlices(contractFromFileInSlices(wsdl, limits.xml, options));
  const needed = methodsFor(contract, name);
  return (published) => {
    const methods = new Map<string, Method>();
    for (const [operation, wanted] of needed) {
      const called = profile.operations?.[operation]?.method ?? operation;
      const method = published.methods.get(called);
      const why =
        method === undefined
          ? `${published.name} has no method ${called}`
          : (misfit(wanted.params as Shape, method.params as Shape, 'in') ??
            misfit(method.result as Shape, wanted.result as Shape, 'out'));
      if (method !== undefined) methods.set(operation, method);
      if (why !== undefined) {
        log.warn({ service: name, operation }, `The operation ${operation} of ${wsdl} cannot be served right: ${why}.`);
      }
    }
    return contractService(
      { contract, path: pathOf(profile), methods, ...(roles && { roles }), ...(strict && { strict }) },
      limits,
    );
  };
};
