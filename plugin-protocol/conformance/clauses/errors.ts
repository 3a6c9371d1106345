/** Section 8: errors. */
import type { ContractCall } from '../../contract/call.ts';
import { fieldsOf } from '../../shape.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { knownCalls } from '../evidence/claims.ts';
import { call, keyOf, make, remove, wishFor } from '../evidence/machine.ts';
import { tourOf } from '../evidence/tour.ts';
import { hostileTexts, nobody, paramsFor, takesMachine, wrongFor } from '../evidence/values.ts';
import { errorOf, said } from '../report/answers.ts';
import { excerpt, Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

/** Calls for a machine that is not there; removing it is no fault. */
const forNobody = async (
  kit: Kit,
  conversation: Conversation,
  look: (of: ContractCall, answer: Awaited<ReturnType<typeof call>>) => void,
) => {
  const asked = knownCalls(conversation).filter((of) => takesMachine(of) && of.name !== 'compute.delete');
  if (asked.length === 0) throw new Unclaimed('It names no call that takes a machine.');
  for (const of of asked) {
    const params = { ...paramsFor(of), vm: nobody };
    look(of, await call(kit, conversation, of.name, params, of.mutates ? keyOf(kit, `nobody-${of.name}`) : undefined));
  }
};

const saysNotFound = async (kit: Kit): Promise<void> =>
  forNobody(kit, await kit.shared(), ({ name }, answer) => {
    const error = errorOf(answer);
    if (error === undefined)
      throw new Failure(
        `${name} of a machine that is not there is answered with ${excerpt(answer.result)}`,
        'Answer 404 with the kind not-found.',
      );
    if (
      error.code === -32601 || (error.data?.kind ?? 'not-found') === 'not-found'
        ? error.code === 404 || error.code === -32601
        : false
    )
      return;
    throw new Failure(
      `${name} of a machine that is not there fails with ${said(answer)}`,
      'Answer 404 with the kind not-found: the daemon then knows that it is gone.',
    );
  });

/** Ids that mean more than themselves to a database, a pattern or a folder. Nothing is changed with them: it might be more than one machine. */
const hostileIds = ["' or '1'='1", "' or 1=1 --", '%', '*', '.*', '../x', './'];

const takesIdsForThemselves = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  const reads = knownCalls(conversation).filter((of) => takesMachine(of) && !of.mutates);
  if (reads.length === 0) throw new Unclaimed('It names no call that reads a machine.');
  const made = await make(kit, conversation, 'hostile-ids').catch((error: unknown) => {
    // What there is may be found all the same.
    if (error instanceof Skip || error instanceof Unclaimed) return undefined;
    throw error;
  });
  try {
    for (const of of reads) {
      for (const vm of hostileIds) {
        const answer = await call(kit, conversation, of.name, { ...paramsFor(of), vm });
        const code = errorOf(answer)?.code;
        const advice =
          'An id means itself alone: bind it as a value, and put it into no query, pattern or path. Answer 404.';
        if (code === undefined)
          throw new Failure(
            `${of.name} of a machine with the id ${excerpt(vm)}, which is not there, is answered with ${excerpt(answer.result)}`,
            advice,
          );
        if (![400, 404, 501, -32601, -32602].includes(code as number))
          kit.ledger.enter(
            '8.2',
            'warning',
            `${of.name} of a machine with the id ${excerpt(vm)}, which is not there, fails with ${said(answer)}`,
            advice,
          );
      }
    }
  } finally {
    if (made !== undefined) await remove(kit, conversation, made.id);
  }
};

const saysNothingHappened = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  await forNobody(kit, conversation, ({ name, mutates }, answer) => {
    const outcome = errorOf(answer)?.data?.outcome;
    if (mutates && (outcome === 'done' || outcome === 'partial')) {
      throw new Failure(
        `${name} of a machine that is not there fails with the outcome ${outcome}.`,
        'Say none when nothing has happened; leave it out when you do not know.',
      );
    }
  });
};

/** Parameters of which one is wrong, or missing, or much too long. */
function* wrongParams(kit: Kit, of: ContractCall): Generator<{ params: Record<string, unknown>; what: string }> {
  const right = of.name === 'compute.create' ? wishFor(kit, 'hostile') : paramsFor(of);
  const fields = fieldsOf(of.params);
  for (const [name, shape, required] of fields) {
    for (const wrong of wrongFor(shape, required))
      yield { params: { ...right, [name]: wrong }, what: `${name} is ${excerpt(wrong)}` };
    if (required) {
      const { [name]: _, ...rest } = right;
      yield { params: rest, what: `${name} is missing` };
    }
  }
  const texts = fields.flatMap(([name, shape]) => (shape['x-kind'] === 'string' ? [name] : []));
  // Of a machine that is to be made the name is what somebody chose.
  const text = texts.includes('name') ? 'name' : texts[0];
  if (text !== undefined) {
    for (const hostile of hostileTexts) {
      yield { params: { ...right, [text]: hostile.text }, what: `${text} has ${hostile.what}` };
    }
    yield { params: { ...right, [text]: 'x'.repeat(1_000_000) }, what: `${text} has a million characters` };
  }
  yield {
    params: { ...right, ['__proto__']: { polluted: true } },
    what: 'there is a parameter __proto__',
  };
}

const survives = async (kit: Kit): Promise<void> => {
  // Others would report what the backend makes of it.
  await kit.finishAll();
  const conversation = await kit.ready('hostile');
  conversation.relaxed = true;
  const made: string[] = [];
  try {
    for (const of of knownCalls(conversation)) {
      let at = 0;
      for (const { params, what } of wrongParams(kit, of)) {
        const key = of.mutates ? keyOf(kit, `hostile-${of.name}-${++at}`) : undefined;
        const answer = await attempt(
          () => call(kit, conversation, of.name, params, key),
          `${of.name} in which ${what}`,
        );
        const id = (answer.result as { id?: unknown } | null | undefined)?.id;
        if (of.name === 'compute.create' && typeof id === 'string') made.push(id);
      }
    }
    await attempt(
      () => call(kit, conversation, 'find', { call: 'compute.create', params: { name: null } }, '__proto__'),
      'find with the key __proto__',
    );
    await kit.fence(conversation);
    for (const id of made) await remove(kit, conversation, id);
  } finally {
    await kit.finish(conversation);
  }
};

const attempt = async <T>(work: () => Promise<T>, what: string): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      `After ${what}: ${error.message}`,
      'Catch what a call throws, and answer with an error; the plugin goes on.',
    );
  }
};

/** Errors of many kinds, seen on the way. */
const fails = async (kit: Kit): Promise<void> => {
  await tourOf(kit);
  const conversation = await kit.shared();
  await call(kit, conversation, 'annelid.check', {});
  try {
    await forNobody(kit, conversation, () => {});
  } catch (error) {
    if (!(error instanceof Unclaimed)) throw error;
  }
};

export const errors: readonly Clause[] = [
  {
    clause: '8.1',
    asks: 'An error has code and message, and data where there is more to say.',
    probes: [probe('answers errors that can be read', (kit) => kit.once(fails))],
  },
  {
    clause: '8.2',
    asks: 'Codes and kinds are those of the table.',
    probes: [
      probe('uses codes and kinds of the table', (kit) => kit.once(fails)),
      probe('says of a machine that is not there that it is not found', saysNotFound),
      probe('takes an id for itself alone', takesIdsForThemselves),
    ],
  },
  {
    clause: '8.3',
    asks: 'The members of data are what the clause says.',
    probes: [probe('fills in data rightly', (kit) => kit.once(fails))],
  },
  {
    clause: '8.4',
    asks: 'outcome says what had happened; unknown is assumed of mutations.',
    probes: [probe('does not say done of what it never began', saysNothingHappened)],
  },
  {
    clause: '8.5',
    asks: 'message is for users: no stack traces.',
    probes: [
      probe('shows no traces', (kit) => kit.once(fails)),
      probe('shows none when it is asked for nonsense', (kit) => kit.once(survives)),
    ],
  },
  {
    clause: '8.6',
    asks: '-32601, 401 and 500 reach the caller as other kinds.',
    host: 'It is the host that translates them.',
  },
  {
    clause: '8.7',
    asks: 'Every request is answered, also a senseless one, and the plugin goes on.',
    probes: [probe('survives parameters that are wrong, hostile and huge', (kit) => kit.once(survives))],
  },
];
