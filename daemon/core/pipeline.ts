/** What every call goes through, whatever wire it came over: one visible list of steps, and then the method's handler. */
import { type Check, checkInSlices, compileCheck } from '../../plugin-protocol/check/compile.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { isLong } from '../../plugin-protocol/rpc/long-values.ts';
import { inSlices } from '../../plugin-protocol/slices.ts';
import type { Method, Permission } from '../catalogue/method.ts';
import type { Limits } from '../limits.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Principal } from './api.ts';
import type { Call, Step } from './call.ts';
import type { Clock } from './ports.ts';

/** What each role may call. */
const roles: Record<Principal['role'], readonly Permission[]> = {
  reader: ['public', 'read'],
  user: ['public', 'read', 'operate'],
  admin: ['public', 'read', 'operate', 'admin'],
};

/** Who is calling. Wrong credentials are refused even where none are needed. */
export const authenticate =
  (accounts: Accounts): Step =>
  (call) => {
    const { credentials, remote } = call.request;
    if (credentials.kind === 'none') return;
    const found = accounts.authenticate(credentials, remote);
    if (!(found instanceof Promise)) {
      call.principal = found;
      return;
    }
    return found.then((principal) => {
      call.principal = principal;
    });
  };

/** Default deny: what the role does not list is refused. */
export const authorize: Step = ({ method, principal }) => {
  if (method.permission === 'public') return;
  if (principal === undefined) {
    throw new Fault('unauthenticated', `${method.name} needs credentials.`, {
      hint: 'Send HTTP Basic or Bearer credentials, or log in with session.login.',
    });
  }
  if (!roles[principal.role].includes(method.permission)) {
    throw new Fault('forbidden', `The role ${principal.role} may not call ${method.name}.`);
  }
};

/** Calls of one user in one second. */
export const limitRate = (limits: Limits, clock: Clock): Step => {
  let second = 0;
  let counts = new Map<string, number>();
  return ({ principal, request }) => {
    const now = clock.now();
    const current = Math.floor(now / 1000);
    if (current !== second) {
      second = current;
      counts = new Map();
    }
    const caller = principal?.user ?? request.remote;
    const count = (counts.get(caller) ?? 0) + 1;
    counts.set(caller, count);
    if (count > limits.calls.perSecond) {
      throw new Fault(
        'throttled',
        `More than ${limits.calls.perSecond} calls in one second (limits.calls.perSecond).`,
        {
          retryAfterMs: (current + 1) * 1000 - now,
        },
      );
    }
  };
};

/** Types and bounds of the parameters, by checks compiled from the catalogue; fills in defaults. Long ones are checked in slices. */
export const validate = (): Step => {
  const checks = new WeakMap<Method, Check>();
  return (call) => {
    let check = checks.get(call.method);
    if (check === undefined) {
      check = compileCheck(call.method.params);
      checks.set(call.method, check);
    }
    if (isLong(call.params)) return validateLong(call, check);
    call.params = check(call.params) as Record<string, unknown>;
  };
};

const validateLong = async (call: Call, check: Check): Promise<void> => {
  call.params = (await inSlices(checkInSlices(check, call.params, { has: isLong }))) as Record<string, unknown>;
};
