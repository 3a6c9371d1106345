/** Calls of an instance, each made over one of its processes. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Clock } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import { exchangeContextOf } from '../call/base-call.ts';
import type { Desk } from '../call/desk.ts';
import { exchange, type Wanted } from '../call/exchange.ts';
import { nameOf } from '../limit-name.ts';
import { Lost } from '../link/lost.ts';
import type { Tap } from '../link/tap.ts';
import type { Attachment } from './attachment.ts';
import type { Presence } from './presence.ts';
import type { Quarantine } from './quarantine.ts';
import { otherVersion } from './versions.ts';

interface Calling {
  id: string;
  presence: Presence;
  quarantine: Quarantine;
  isQuitting: () => boolean;
  limits: Limits['plugins'];
  desk: Desk;
  tap: Tap;
  clock: Clock;
}

/**
 * Makes a call over one of the processes of an instance. One that had not been sent when its process ended is made with
 * another; one that changes nothing is so once, too, when it had been.
 */
export const callMaker =
  ({ id, presence, quarantine, isQuitting, limits, desk, tap, clock }: Calling) =>
  async (request: Wanted, resource: string | undefined, terms: string | undefined) => {
    const began = clock.now();
    const suits = (over: Attachment) => over.offers(request.method, terms);
    for (let lost = false; ; ) {
      if (isQuitting()) {
        const data = request.mutates ? ({ outcome: 'none' } as const) : {};
        throw new Fault('unavailable', `The plugin of ${id} is being stopped.`, data);
      }
      quarantine.check(request);
      const over = presence.place(resource, suits);
      const spentMs = clock.now() - began;
      if (spentMs > 0 && spentMs >= request.timeoutMs) {
        const text = `${id} did not answer ${request.method} within ${request.timeoutMs} ms${nameOf(request.limit)}.`;
        throw new Fault('timeout', text, request.mutates ? { outcome: 'none' } : {});
      }
      if (over === undefined) {
        const data = request.mutates ? ({ outcome: 'none' } as const) : {};
        if (!presence.isExpected) throw new Fault('unavailable', presence.unavailable(), data);
        await presence.waiters.wait({ ...request, spentMs });
        continue;
      }
      if (!suits(over)) {
        const data = request.mutates ? ({ outcome: 'none' } as const) : {};
        const why = over.calls.has(request.method)
          ? 'it describes it otherwise than when the call was made, so look at its description and make the call anew'
          : otherVersion(over.description, request.method);
        const text = `${id} cannot do ${request.method}${why === undefined ? '' : `: ${why}`}.`;
        throw new Fault('unsupported', text, data);
      }
      try {
        const wanted = spentMs > 0 ? { ...request, spentMs } : request;
        const answer = await exchange(over.link, wanted, exchangeContextOf({ config: over.config, limits, desk, tap }));
        quarantine.clear(request);
        return answer;
      } catch (error) {
        if (!(error instanceof Lost)) quarantine.clear(request);
        if (!(error instanceof Lost) || isQuitting() || (error.begun && (request.mutates || lost))) throw error;
        lost ||= error.begun;
      }
    }
  };
