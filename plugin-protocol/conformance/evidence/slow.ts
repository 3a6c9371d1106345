/** Calls that take a while: what overtakes, progress and an end before its time show themselves by them alone. */
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { Failure, Unclaimed } from '../report/verdict.ts';
import { call, changesMachines, has, keyOf, make, remove } from './machine.ts';
import { tourOf } from './tour.ts';

/** Changes that a machine which runs can go through; one that takes as long is slow. */
const ofRunning = ['compute.reboot', 'compute.reset', 'compute.pause', 'compute.powerOff'];
const leastSlowMs = 100;

/** So often a call is made anew that took long, much of which this check, or the plugin, waited for a processor. */
const timesMeasured = 5;

const seenToBeSlow = async (kit: Kit): Promise<string | undefined> => {
  const { took } = await tourOf(kit);
  const candidates = [...took].filter(([name, { wall }]) => ofRunning.includes(name) && wall >= leastSlowMs);
  candidates.sort(([, a], [, b]) => b.counted - a.counted);
  const [first] = candidates;
  if (first !== undefined && first[1].counted >= leastSlowMs) return first[0];
  for (const [method] of candidates) {
    for (let time = 1; time <= timesMeasured; time++) {
      let ms = 0;
      await withRunning(kit, `slow-${time}`, async (conversation, vm) => {
        const began = conversation.clock.read();
        await call(kit, conversation, method, { vm }, keyOf(kit, `slow-${method}-${time}`));
        ms = conversation.clock.read() - began;
      });
      if (ms >= leastSlowMs) return method;
    }
  }
  return undefined;
};

/** The slow call of the author's manifest, or one that was seen to be slow. */
export const slowCallOf = async (kit: Kit): Promise<string> => {
  const { slow } = kit.setting;
  if (slow !== undefined) {
    if (has(await kit.shared(), slow)) return slow;
    throw new Failure(`The manifest says that ${slow} is slow, and it is not among its methods.`);
  }
  changesMachines(await kit.shared());
  const method = await kit.once(seenToBeSlow);
  if (method !== undefined) return method;
  throw new Unclaimed(
    `No change of a running machine was seen to take ${leastSlowMs} ms.`,
    'Where the backend can be slow, name a call that is as check.slow in manifest.json: what is quick shows nothing of this.',
  );
};

/** A machine that runs, where it can. */
const withRunning = async (
  kit: Kit,
  name: string,
  work: (conversation: Conversation, vm: string) => Promise<void>,
): Promise<void> => {
  const conversation = await kit.shared();
  const { id: vm } = await make(kit, conversation, name);
  try {
    if (has(conversation, 'compute.start'))
      await call(kit, conversation, 'compute.start', { vm }, keyOf(kit, `${name}-start`));
    await work(conversation, vm);
  } finally {
    await remove(kit, conversation, vm);
  }
};

/** A machine that runs, and a slow call for it. */
export const withSlowCall = async (
  kit: Kit,
  name: string,
  work: (conversation: Conversation, slow: ReturnType<Conversation['request']>) => Promise<void>,
): Promise<void> => {
  const slow = await slowCallOf(kit);
  await withRunning(kit, name, (conversation, vm) => {
    const ctx = kit.ctx(undefined, { key: keyOf(kit, `${name}-slow`), attempt: 1 });
    return work(conversation, conversation.request(slow, { vm, ctx }));
  });
};
