/** Section 12: how a plugin is found. */
import { compileCheck } from '../../check/compile.ts';
import { Manifest } from '../../manifest.ts';
import type { Kit } from '../bring-up/kit.ts';
import { knownCalls } from '../evidence/claims.ts';
import { call } from '../evidence/machine.ts';
import { paramsFor, takesMachine } from '../evidence/values.ts';
import { Failure, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

const manifestIsRight = async (kit: Kit): Promise<void> => {
  const { manifest } = kit.setting;
  if (manifest === undefined) throw new Unclaimed('It has no manifest.json.');
  try {
    compileCheck(Manifest)(manifest.content);
  } catch (error) {
    throw new Failure(`manifest.json is wrong: ${(error as Error).message}`);
  }
  const { name } = manifest.content as { name: string };
  await kit.shared();
  if (kit.identity !== undefined && kit.identity.name !== name) {
    kit.ledger.enter(
      '12.1',
      'warning',
      `It is called ${name} in manifest.json, and ${kit.identity.name} in describe.`,
      'Call it the same in both.',
    );
  }
};

/** What comes back on a connection that is made anew. */
const servesAnew = async (kit: Kit): Promise<void> => {
  const { subject } = kit.setting;
  if (subject.kind !== 'address')
    throw new Unclaimed(subject.dialIn ? 'It connects by itself.' : 'It is a program that the host starts.');
  const first = await kit.ready('anew');
  first.input.end();
  await first.within(kit.setting.patience.stopMs);
  if (first.how === undefined)
    throw new Failure(
      'It keeps a connection whose other end has said that it is done.',
      'Answer what is under way, then close.',
    );
  const second = await kit.ready('anew');
  const read = knownCalls(second).find((of) => !of.mutates && !takesMachine(of));
  if (read !== undefined) await call(kit, second, read.name, paramsFor(read));
  await kit.finish(second);
};

const needsDialIn = ({ setting: { subject } }: Kit): void => {
  if (subject.kind !== 'program' || !subject.dialIn)
    throw new Unclaimed('It is not checked as one that connects by itself (--dial-in).');
};

const saysWhoItIs = async (kit: Kit): Promise<void> => {
  needsDialIn(kit);
  // Who says otherwise has not come so far.
  await kit.shared();
};

/** A host that is restarted refuses whoever comes too early; one that is beset by those that come at once refuses all. */
const leastPauseMs = 100;
const refusals = 2;

const comesAgainRefused = async (kit: Kit): Promise<void> => {
  needsDialIn(kit);
  const pauses = await kit.refuse(refusals);
  const warn = (message: string, advice: string) => kit.ledger.enter('12.10', 'warning', message, advice);
  if (pauses.length < refusals) {
    warn(
      'It does not connect again when it was not admitted.',
      'Connect again after a pause: a token may have been changed on one side first.',
    );
  } else if (pauses.some((pause) => pause < leastPauseMs)) {
    warn(
      `It connects again at once when it was not admitted, ${Math.round(Math.min(...pauses))} ms later.`,
      'Pause, longer each time: after limits.plugins.refusals in a minute the host hears nobody from its address.',
    );
  }
};

export const folder: readonly Clause[] = [
  {
    clause: '12.1',
    asks: 'manifest.json says what it is and how it is run.',
    probes: [probe('has a manifest that is right', manifestIsRight)],
  },
  {
    clause: '12.2',
    asks: 'node as the first word is the Node.js of the daemon.',
    host: 'It is the host that finds it.',
  },
  {
    clause: '12.3',
    asks: 'A plugin is named in the configuration.',
    host: 'It is the host that reads the configuration.',
  },
  {
    clause: '12.4',
    asks: 'config is what configure gets, secrets filled in.',
    host: 'It is the host that reads the configuration.',
  },
  {
    clause: '12.5',
    asks: 'A script is run by what its name ends with.',
    host: 'It is the host that chooses; a script that cannot be run was not checked at all.',
  },
  {
    clause: '12.6',
    asks: 'At an address it serves one conversation after the other.',
    probes: [probe('serves a host that comes again', servesAnew)],
  },
  { clause: '12.7', asks: 'A program elsewhere is run by ssh.', host: 'It is a command as any other.' },
  { clause: '12.8', asks: 'check in manifest.json says what a check needs.', host: 'It is this check that reads it.' },
  {
    clause: '12.9',
    asks: 'One that dials in shows a token and a certificate.',
    probes: [probe('says for which connector it is, with the token', saysWhoItIs)],
  },
  {
    clause: '12.10',
    asks: 'Who is not admitted comes again, after a growing pause.',
    probes: [probe('connects again when it was not admitted', comesAgainRefused)],
  },
  { clause: '12.11', asks: 'needs in manifest.json says what it needs.', host: 'What it says is read with 12.1.' },
  { clause: '12.12', asks: 'In a sandbox it has what it needs.', host: 'It is the host that holds it to that.' },
];
