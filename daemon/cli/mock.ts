/** A plugin that is not written yet: what its schemas say that it answers, made up. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { compileCheck } from '../../plugin-protocol/check/compile.ts';
import { contract, interfaces } from '../../plugin-protocol/contract/index.ts';
import { PublishedInterface } from '../../plugin-protocol/contract/published.ts';
import { errorLine, readLine, resultLine, rpcCodes } from '../../plugin-protocol/rpc/messages.ts';
import type { Shape } from '../../plugin-protocol/shape.ts';
import { exampleFrom } from '../catalogue/example.ts';
import { PublishError, serviceFrom } from '../catalogue/published.ts';

type Answer = (params: Record<string, unknown>) => unknown;

const fits = (shape: Shape) => {
  const check = compileCheck(shape);
  return (value: unknown): boolean => {
    try {
      check(value);
      return true;
    } catch {
      return false;
    }
  };
};

/** It is about the machine that was asked for, and has what was asked for, where that is of its type. */
const answerOf = (result: Shape): Answer => {
  const example = exampleFrom(result);
  if (result['x-kind'] !== 'record') return () => example;
  const members = new Map(Object.entries(result.properties).map(([name, shape]) => [name, fits(shape)]));
  return ({ vm, ...params }) => {
    const asked = Object.entries({ ...(vm === undefined ? {} : { id: vm }), ...params });
    return {
      ...(example as object),
      ...Object.fromEntries(asked.filter(([name, value]) => members.get(name)?.(value))),
    };
  };
};

const checkService = compileCheck(PublishedInterface, { lenient: true });

const readYaml = (file: string): unknown => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const known = Object.keys(interfaces).join(', ');
    const why = (error as NodeJS.ErrnoException).code;
    throw new Error(`${file} is none of the interfaces, which are ${known}, and no file that can be read (${why}).`);
  }
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${file} is neither JSON nor YAML: ${(error as Error).message.split('\n')[0]!.replace(/:$/, '.')}`);
  }
};

/** The services in a file: one, a list of them, or what `describe` answers. */
const servicesIn = (file: string): PublishedInterface[] => {
  const given = readYaml(file);
  const { publishes = given } = (given ?? {}) as { publishes?: unknown };
  const services = Array.isArray(publishes) ? publishes : [publishes];
  return services.map((service, at) => {
    try {
      return checkService(service, `/${at}`) as PublishedInterface;
    } catch (error) {
      throw new Error(`${file} has what is no service: ${(error as Error).message}`);
    }
  });
};

export interface Mock {
  /** What it answers to a line; undefined when that is no request. */
  answer(line: string): string | undefined;
}

/** `words` are names of interfaces, and files. Throws an `Error` that says what is wrong with one. */
export const createMock = (words: readonly string[]): Mock => {
  const answers = new Map<string, Answer>();
  const methods: string[] = [];
  const publishes: PublishedInterface[] = [];
  for (const word of words) {
    if (Object.hasOwn(interfaces, word)) {
      for (const [name, { result }] of contract) {
        if (!name.startsWith(`${word}.`)) continue;
        methods.push(name);
        answers.set(name, answerOf(result));
      }
      continue;
    }
    for (const service of servicesIn(word)) {
      publishes.push(service);
      try {
        for (const { name, example } of serviceFrom(service, 'mock', 'mock').methods.values())
          answers.set(name, () => example.result);
      } catch (error) {
        if (!(error instanceof PublishError)) throw error;
        throw new Error(`${word} cannot be published: of ${service.service}, ${error.message}.`);
      }
    }
  }
  const description = {
    proto: [1],
    name: 'mock',
    version: '1',
    methods,
    concurrency: 64,
    idempotency: 'none',
    publishes,
  };
  answers.set('describe', () => description);
  for (const name of ['configure', 'probe', 'drain']) answers.set(name, () => ({}));
  answers.set('echo', (params) => params);

  return {
    answer(line) {
      const { id, method, params } = readLine(line).message ?? {};
      if ((typeof id !== 'number' && typeof id !== 'string') || typeof method !== 'string') return undefined;
      const answer = answers.get(method);
      if (answer === undefined)
        return errorLine(id, { code: rpcCodes.methodNotFound, message: `The mock has no method ${method}.` });
      return resultLine(id, answer((params ?? {}) as Record<string, unknown>));
    },
  };
};
