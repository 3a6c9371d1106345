/** Section 6: configure, probe, drain, echo. */

import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { call, has, listAll, make, remove, withMachine } from '../evidence/machine.ts';
import { tourOf } from '../evidence/tour.ts';
import { wrongValues } from '../evidence/values.ts';
import { hasProc, watchBelow } from '../process/proc.ts';
import { errorOf, said } from '../report/answers.ts';
import { excerpt, Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

/** Configurations that are wrong in one place, if the plugin cares, and the name of that place. */
const wrongConfigurations = (kit: Kit, name: string): { config: Record<string, unknown>; what: string }[] => {
  const { [name]: value, ...others } = kit.setting.config;
  const wrong = wrongValues(value).map((other) => ({
    config: { ...others, [name]: other },
    what: `is ${excerpt(other)}`,
  }));
  return [...wrong, { config: others, what: 'is missing' }];
};

const refusesWell = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready('wrong');
  try {
    for (const name of Object.keys(kit.setting.config)) {
      const unnamed: string[] = [];
      for (const { config, what } of wrongConfigurations(kit, name)) {
        const error = errorOf(await attempt(kit, conversation, config, `${name} ${what}`));
        if (error === undefined || error.code === -32601) continue;
        if (!`${error.message} ${error.data?.field ?? ''}`.includes(name)) unnamed.push(what);
      }
      if (unnamed.length === 0) continue;
      kit.ledger.enter(
        '6.1',
        'warning',
        `When ${name} ${unnamed.join(', or ')}, its refusal does not name ${name}.`,
        'Say which setting is wrong, and how it should be: the operator reads it.',
      );
    }
    const again = await kit.configure(conversation, 'check', kit.setting.config, 'wrong');
    if (errorOf(again) && errorOf(again)?.code !== -32601) {
      throw new Failure(`After a configuration that was wrong it refuses the right one, with ${said(again)}`);
    }
  } finally {
    await kit.finish(conversation);
  }
};

const attempt = async (kit: Kit, conversation: Conversation, config: Record<string, unknown>, what: string) => {
  try {
    return await kit.configure(conversation, 'check', config, 'wrong');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      `Of a configuration in which ${what}: ${error.message}`,
      'Answer configure with an error that says what is wrong; it is then asked again.',
    );
  }
};

/** The same again is what comes after a change of a secret, or a reload. */
const takesItAgain = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready('replayed');
  try {
    for (let time = 0; time < 2; time++) {
      const answer = await kit.configure(conversation, 'check', kit.setting.config, 'replayed');
      if (errorOf(answer) && errorOf(answer)?.code !== -32601) {
        throw new Failure(`It refuses the same configuration when that comes again, with ${said(answer)}`);
      }
    }
    if (has(conversation, 'compute.list')) await call(kit, conversation, 'compute.list', {});
  } finally {
    await kit.finish(conversation);
  }
};

const [firstPlace, secondPlace] = ['first-place', 'second-place'];

const isListed = async (kit: Kit, conversation: Conversation, vm: string): Promise<boolean> =>
  (await listAll(kit, conversation)).some(({ id }) => id === vm);

/** Throws where it has no machine that would be elsewhere with another configuration. */
const madeInFirstPlace = async (kit: Kit): Promise<string> => {
  if (!JSON.stringify(kit.setting.config).includes('{scratch}'))
    throw new Unclaimed('Its configuration names no {scratch}: there is no other one.');
  const conversation = await kit.ready(firstPlace);
  try {
    if (!['compute.list', 'compute.create', 'compute.delete'].every((name) => has(conversation, name)))
      throw new Unclaimed('It makes no machines that could be elsewhere.');
    const { id } = await make(kit, conversation, firstPlace);
    await conversation.end();
    return id;
  } catch (error) {
    // Elsewhere it is told.
    if (error instanceof Skip) throw new Unclaimed(error.message);
    throw error;
  } finally {
    await kit.finish(conversation);
  }
};

/** Another configuration takes the place of the one before, in the same process: one that was kept gets it so (3.8). */
const takesAnother = async (kit: Kit): Promise<void> => {
  const vm = await madeInFirstPlace(kit);
  const moved = await kit.ready(secondPlace);
  let isThere: boolean;
  try {
    // What it keeps in another place is not its machines.
    if (await isListed(kit, moved, vm)) return await remove(kit, moved, vm);
    await kit.configure(moved, 'check', kit.setting.config, firstPlace);
    isThere = await isListed(kit, moved, vm);
  } finally {
    await kit.finish(moved);
  }
  const begun = await kit.ready(firstPlace);
  try {
    if (!isThere && (await isListed(kit, begun, vm)))
      throw new Failure(
        'Configured again, with another folder as {scratch}, it goes on with the one before.',
        'Take each configure as the first one: a secret or an address may be another.',
      );
  } finally {
    await remove(kit, begun, vm);
    await kit.finish(begun);
  }
};

/** With a secret in its configuration that is found wherever it turns up. */
const keepsSecrets = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready('canary');
  const isProgram = kit.setting.subject.kind === 'program' && hasProc();
  const watch = isProgram ? watchBelow(conversation.carrier.pid!) : undefined;
  const config = { ...kit.setting.config, annelidCheckPassword: kit.secrets.canary };
  try {
    await kit.configure(conversation, 'check', config, 'canary');
    await call(kit, conversation, 'probe', {});
    if (has(conversation, 'compute.list')) await call(kit, conversation, 'compute.list', {});
    await withMachine(kit, conversation, 'canary');
    await attempt(
      kit,
      conversation,
      { ...config, annelidCheckPassword: { wrong: kit.secrets.canary } },
      'a password is no text',
    );
    await kit.fence(conversation);
    if (isProgram) kit.processes(conversation).forEach(kit.secrets.judgeProgram);
    await conversation.end();
    searchFiles(kit);
  } finally {
    watch?.stop().forEach(kit.secrets.judgeProgram);
    await kit.finish(conversation);
  }
};

const searchFiles = (kit: Kit): void => {
  for (const { path, content } of kit.workspace.written()) {
    if (kit.secrets.isIn(content.toString('latin1')) || kit.secrets.isIn(content.toString())) {
      throw new Failure(
        `A secret of its configuration stands in a file that it has written: ${kit.workspace.shown(path)}`,
        'Secrets come with configure, after each start: there is no need to keep them.',
      );
    }
  }
};

const drains = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready();
  try {
    const answer = await call(kit, conversation, 'drain', {});
    const error = errorOf(answer);
    if (error && error.code !== -32601)
      throw new Failure(
        `It answers drain with ${said(answer)}`,
        'Answer a result once everything is written that must be, or -32601.',
      );
    if ((await conversation.end()) === 'late') throw new Failure('It goes on when its input ends behind drain.');
  } finally {
    await kit.finish(conversation);
  }
};

export const instance: readonly Clause[] = [
  {
    clause: '6.1',
    asks: 'configure is answered; what it refuses is answered with an error, and can be tried again.',
    probes: [
      probe('takes its configuration again', takesItAgain),
      probe('takes another configuration', takesAnother),
      probe('refuses a wrong configuration in words, and goes on', async (kit) => {
        if (Object.keys(kit.setting.config).length === 0)
          throw new Unclaimed('Nothing of its configuration is known that could be wrong.');
        await refusesWell(kit);
      }),
    ],
  },
  {
    clause: '6.2',
    asks: 'configure answers what the instance can do.',
    probes: [probe('answers it as the contract has it', async (kit) => void (await kit.shared()))],
  },
  {
    clause: '6.3',
    asks: 'probe says whether the backend can be reached.',
    probes: [probe('reaches its backend', async (kit) => void (await call(kit, await kit.shared(), 'probe', {})))],
  },
  {
    clause: '6.4',
    asks: 'drain is answered; the end follows.',
    probes: [probe('answers drain, and ends', drains)],
  },
  {
    clause: '6.5',
    asks: 'echo is answered with its parameters, or with -32601.',
    probes: [
      probe('answers echo', async (kit) => {
        const answer = await (await kit.shared()).ask('echo', { a: 1, b: [null, 'x'] });
        const error = errorOf(answer);
        if (error === undefined) {
          const { a, b } = (answer.result ?? {}) as Record<string, unknown>;
          if (a !== 1 || JSON.stringify(b) !== '[null,"x"]')
            throw new Failure(`It answers echo with something else than its parameters: ${excerpt(answer.result)}`);
        } else if (error.code !== -32601) throw new Failure(`It answers echo with ${said(answer)}`);
      }),
    ],
  },
  {
    clause: '6.6',
    asks: 'Secrets stand in no output, log or message, in no argument or environment of a program, and in no file: looked for in {scratch}, TMPDIR, the HOME of the check and its folder.',
    probes: [
      probe('keeps the secrets of its configuration to itself', keepsSecrets),
      probe('keeps them in the life of a machine', async (kit) => {
        await tourOf(kit);
        if (kit.setting.subject.kind === 'program') searchFiles(kit);
      }),
    ],
  },
  { clause: '6.7', asks: 'What is said of secrets all the same is hidden.', host: 'The host hides it; 6.6 finds it.' },
];
