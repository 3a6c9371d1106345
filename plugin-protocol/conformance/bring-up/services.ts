/** The services that a plugin publishes, as far as their schemas are understood. */
import { compileCheck } from '../../check/compile.ts';
import { PublishedInterface, type PublishedMethod, reservedParams } from '../../contract/published.ts';
import { recordFromSchema, SchemaError, shapeFromSchema } from '../../json-schema/read.ts';
import type { Shape } from '../../shape.ts';

export interface ServiceMethod {
  name: string;
  described: PublishedMethod;
  params: Shape;
  result: Shape | undefined;
}

export interface Services {
  methods: ServiceMethod[];
  /** What each method answers, by its name. */
  results: Map<string, Shape>;
  /** What is wrong, by the clause that says how it should be. */
  problems: { clause: string; message: string }[];
}

const checkInterface = compileCheck(PublishedInterface, { lenient: true });

const readMethod = (service: string, described: PublishedMethod): ServiceMethod => {
  const prefix = `${service}_${described.name}`;
  const params = recordFromSchema(described.params ?? { type: 'object', properties: {} }, prefix, 'Params');
  const result = described.result === undefined ? undefined : shapeFromSchema(described.result, prefix, 'Result');
  return { name: `${service}.${described.name}`, described, params, result };
};

/** What describe or configure has under `publishes`. */
export const servicesIn = (publishes: readonly unknown[] = []): Services => {
  const services: Services = { methods: [], results: new Map(), problems: [] };
  for (const [at, given] of publishes.entries()) {
    let known: PublishedInterface;
    try {
      known = checkInterface(given, `/publishes/${at}`) as PublishedInterface;
    } catch (error) {
      services.problems.push({ clause: '13.2', message: `A service is wrong: ${(error as Error).message}` });
      continue;
    }
    for (const described of known.methods) {
      const name = `${known.service}.${described.name}`;
      try {
        const method = readMethod(known.service, described);
        services.methods.push(method);
        if (method.result) services.results.set(name, method.result);
        for (const reserved of reservedParams) {
          if (method.params['x-kind'] === 'record' && Object.hasOwn(method.params.properties, reserved)) {
            services.problems.push({
              clause: '13.6',
              message: `A parameter of ${name} is called ${reserved}, which is a name of the protocol.`,
            });
          }
        }
      } catch (error) {
        const at = error instanceof SchemaError && error.path !== '' ? ` at ${error.path}` : '';
        services.problems.push({
          clause: '13.3',
          message: `A schema of ${name} is not understood${at}: it ${(error as Error).message}; the daemon leaves the service out.`,
        });
      }
    }
  }
  return services;
};
