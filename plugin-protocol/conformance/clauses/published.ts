/** Section 13: methods of its own. */
import { compileCheck } from '../../check/compile.ts';
import { interfaces } from '../../contract/index.ts';
import type { Kit } from '../bring-up/kit.ts';
import { type Services, servicesIn } from '../bring-up/services.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { call, keyOf } from '../evidence/machine.ts';
import { sampleFor } from '../evidence/values.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

const servicesOf = async (kit: Kit): Promise<{ conversation: Conversation; services: Services }> => {
  const conversation = await kit.shared();
  const { publishes = [] } = conversation.description;
  if (publishes.length === 0) throw new Unclaimed('It publishes no service.');
  return { conversation, services: servicesIn(publishes) };
};

/** Throws the first problem of a clause; the others go into the ledger. */
const noProblem = (clause: string) => async (kit: Kit) => {
  const { services } = await servicesOf(kit);
  const [first, ...others] = services.problems.filter((problem) => problem.clause === clause);
  for (const { message } of others) kit.ledger.enter(clause, 'failure', message);
  if (first !== undefined) throw new Failure(first.message);
};

/** Everything that its names say is called with what its schemas ask for. */
const answersExamples = async (kit: Kit): Promise<void> => {
  const { conversation, services } = await servicesOf(kit);
  for (const { name, described, params, result } of services.methods) {
    const { example, changes = true } = described;
    if (example?.params !== undefined) fits(name, 'parameters', () => compileCheck(params)(example.params));
    if (example?.result !== undefined && result !== undefined)
      fits(name, 'result', () => compileCheck(result)(example.result));
    // What changes something is called as its author shows it, and not otherwise.
    if (changes && example === undefined) continue;
    const given = (example?.params ?? sampleFor(params)) as object;
    const answer = await call(
      kit,
      conversation,
      name,
      compileCheck(params)(given) as object,
      changes ? keyOf(kit, `example-${name}`) : undefined,
    );
    const error = errorOf(answer);
    if (error?.code === -32601) throw new Failure(`It publishes ${name}, and answers -32601 to it.`);
    if (error && example !== undefined)
      throw new Failure(
        `The example of ${name} fails with ${said(answer)}`,
        'Examples stand in the documentation: they should work as they are.',
      );
  }
};

const fits = (name: string, what: string, check: () => void): void => {
  try {
    check();
  } catch (error) {
    throw new Failure(`The ${what} in the example of ${name} do not fit its schema: ${(error as Error).message}`);
  }
};

const namesAreFree = async (kit: Kit): Promise<void> => {
  const { conversation, services } = await servicesOf(kit);
  const taken = [...Object.keys(interfaces), ...kit.setting.takenServices];
  for (const { service } of conversation.description.publishes ?? []) {
    if (taken.includes(service)) throw new Failure(`It publishes a service called ${service}, and that name is taken.`);
  }
  const known = new Map<string, string>();
  for (const { name } of services.methods) {
    const other = known.get(name.toLowerCase());
    if (other !== undefined) throw new Failure(`It publishes ${other} and ${name}, which differ in nothing but case.`);
    known.set(name.toLowerCase(), name);
  }
  await noProblem('13.6')(kit);
};

export const published: readonly Clause[] = [
  {
    clause: '13.1',
    asks: 'It publishes services, each with methods.',
    probes: [probe('answers what it publishes, and its examples', (kit) => kit.once(answersExamples))],
  },
  {
    clause: '13.2',
    asks: 'A method has the members of the table.',
    probes: [probe('describes its methods as the table has it', noProblem('13.2'))],
  },
  {
    clause: '13.3',
    asks: 'Schemas are of the kinds of the table.',
    probes: [probe('has schemas that are understood', noProblem('13.3'))],
  },
  {
    clause: '13.4',
    asks: 'Values of any kind are JSON with tags.',
    unseen: 'A value without a tag is right, too; whether a text should have been a time nobody sees.',
  },
  {
    clause: '13.5',
    asks: 'Results fit their schemas.',
    probes: [probe('answers what its schemas say', (kit) => kit.once(answersExamples))],
  },
  {
    clause: '13.6',
    asks: 'The names of services are free, and methods differ in more than case.',
    probes: [probe('has names of its own', namesAreFree)],
  },
  {
    clause: '13.7',
    asks: 'The service stays for a while when the plugin has ended.',
    host: 'It is the host that keeps it.',
  },
  {
    clause: '13.8',
    asks: 'What was published is there when the daemon comes back.',
    host: 'It is the daemon that keeps it.',
  },
];
