/** The methods of the daemon itself and of sessions. */

import { Fault } from '../../../plugin-protocol/faults.ts';
import { shortened } from '../../../plugin-protocol/text/shortened.ts';
import { apiVersion } from '../../catalogue/index.ts';
import { signaturesOf } from '../../catalogue/signature.ts';
import type { Services } from '../services.ts';
import { callerOf, type Handlers } from './table.ts';

export const systemHandlers = (services: Services): { system: Handlers<'system'>; session: Handlers<'session'> } => {
  const { published, accounts, backends, journal, clock } = services;

  const known = (name: string) => {
    const method = published.methods.get(name);
    if (method === undefined) throw new Fault('unknown-method', `There is no method ${shortened(name)}.`);
    return method;
  };

  return {
    system: {
      listMethods: () => [...published.methods.keys()].sort(),
      methodHelp: ({ method }) => known(method).doc,
      methodSignature: ({ method }) => signaturesOf(known(method)),
      version: () => ({ name: 'annelid', version: services.version, api: apiVersion }),
      health() {
        const away = backends
          .list()
          .map((backend) => services.reconciler.statusOf(backend))
          .filter(({ state }) => state !== 'ready');
        const uptimeSeconds = String(Math.floor((clock.now() - services.started) / 1000));
        if (journal.broken) return { status: 'failing', uptimeSeconds, message: 'The store cannot be written.' };
        const all = backends.list();
        const crashing = all.filter((backend) => backend.status().isCrashing);
        if (away.length + crashing.length === 0) return { status: 'ok', uptimeSeconds, message: '' };
        // No names and no reasons: this is answered without credentials.
        return {
          status: 'degraded',
          uptimeSeconds,
          message: [
            ...(away.length > 0 ? [`${away.length} of ${all.length} connectors cannot be used.`] : []),
            ...(crashing.length > 0 ? [`${crashing.length} of ${all.length} crash again and again.`] : []),
          ].join(' '),
        };
      },
    },

    session: {
      login: ({ user, password }, { request }) => accounts.login(user, password, request.remote),
      async logout(_params, call) {
        const { user, token } = callerOf(call);
        if (token === undefined)
          throw new Fault('conflict', 'This call was made with a password; there is no token to end.');
        await accounts.logout(token);
        return { user };
      },
      whoami(_params, call) {
        const { user, account, role, token } = callerOf(call);
        return { user, account, role, token: token !== undefined };
      },
    },
  };
};
