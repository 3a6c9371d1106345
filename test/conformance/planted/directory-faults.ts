/** Mistakes of directories: section 18. */
import { spawnSync } from 'node:child_process';
import { Refusal } from './cloud.ts';
import { alter, type Fault, replace } from './fault.ts';

export const directoryFaults: Record<string, Fault> = {
  'lets in whom it finds': {
    clause: '18.1',
    says: /lets ann in with a secret that was made up/,
    plant: (plugin) => replace(plugin, 'directory.authenticate', () => plugin.calls.get('directory.find')!),
  },
  'refuses with an error': {
    clause: '18.1',
    says: /directory\.authenticate fails with 401/,
    plant: (plugin) =>
      alter(plugin, 'directory.authenticate', (answer) => {
        if (answer.user === undefined) throw new Refusal(401, 'unauthenticated', 'The password is wrong.');
        return answer;
      }),
  },
  'compares as much of a secret as the right one has': {
    clause: '18.1',
    says: /lets ann in with a secret that has more behind the right one/,
    plant: (plugin) =>
      replace(
        plugin,
        'directory.authenticate',
        (before) => (asked) =>
          before({ ...asked, params: { ...asked.params, secret: String(asked.params.secret).slice(0, 15) } }),
      ),
  },
  'takes what stands before a NUL for all of a secret': {
    clause: '18.1',
    says: /lets ann in with a secret that has a NUL and more behind the right one/,
    plant: (plugin) =>
      replace(
        plugin,
        'directory.authenticate',
        (before) => (asked) =>
          before({ ...asked, params: { ...asked.params, secret: String(asked.params.secret).split('\0')[0] } }),
      ),
  },
  'has secrets of 72 characters at most': {
    clause: '18.1',
    says: /directory\.authenticate fails with 400/,
    plant: (plugin) =>
      alter(plugin, 'directory.authenticate', (answer, { params }) => {
        if (String(params.secret).length > 72)
          throw new Refusal(400, 'invalid-params', 'The secret is too long.', { field: '/secret' });
        return answer;
      }),
  },
  'hands the secret to a program as an argument': {
    clause: '18.3',
    says: /is an argument of .*node/,
    plant: (plugin) =>
      alter(plugin, 'directory.authenticate', (answer, { params }) => {
        spawnSync(process.execPath, ['-e', '0', String(params.secret).replaceAll('\0', '')]);
        return answer;
      }),
  },
  'lets nobody in': {
    clause: '18.1',
    says: /does not let the login of check\.login in/,
    plant: (plugin) => replace(plugin, 'directory.authenticate', () => () => ({})),
  },
  'finds others than it lets in': {
    clause: '18.2',
    says: /directory\.find answers .*"login":"Ann".* for whom/,
    plant: (plugin) =>
      alter(plugin, 'directory.find', ({ user }) => (user ? { user: { ...(user as object), login: 'Ann' } } : {})),
  },
  'finds everybody': {
    clause: '18.2',
    says: /directory\.find answers a user for annelid-check-none/,
    plant: (plugin) =>
      replace(plugin, 'directory.find', () => ({ params }) => ({
        user: { login: params.login, account: 'acme', role: 'user' },
      })),
  },
  'takes logins for patterns': {
    clause: '18.3',
    says: /lets the login \* in/,
    plant: (plugin) =>
      replace(
        plugin,
        'directory.authenticate',
        (before) => (asked) =>
          before({ ...asked, params: { ...asked.params, login: String(asked.params.login).replace('*', 'ann') } }),
      ),
  },
  'logs with what somebody logs in': {
    clause: '18.3',
    says: /that somebody logged in with stands on its standard error/,
    plant: (plugin) =>
      alter(plugin, 'directory.authenticate', (answer, { params }) => {
        console.error(`Login: ${JSON.stringify(params)}`);
        return answer;
      }),
  },
  'takes the line break off a secret': {
    clause: '18.1',
    says: /lets ann in with a secret that has a (line break|space) behind the right one/,
    plant: (plugin) =>
      replace(
        plugin,
        'directory.authenticate',
        (before) => (asked) =>
          before({ ...asked, params: { ...asked.params, secret: String(asked.params.secret).trimEnd() } }),
      ),
  },
  'takes everybody for an administrator': {
    clause: '18.1',
    says: /answers the role admin for the login of check\.login, which says user/,
    plant(plugin) {
      for (const method of ['directory.authenticate', 'directory.find'])
        alter(plugin, method, ({ user }) => (user ? { user: { ...(user as object), role: 'admin' } } : {}));
    },
  },
  'loses the group of somebody': {
    clause: '18.1',
    says: /answers the account none for the login of check\.login, which says acme/,
    plant(plugin) {
      for (const method of ['directory.authenticate', 'directory.find'])
        alter(plugin, method, ({ user }) => (user ? { user: { ...(user as object), account: 'none' } } : {}));
    },
  },
  'lets everybody in': {
    clause: '18.1',
    says: /lets annelid-check-none in with a secret that was made up/,
    plant: (plugin) =>
      replace(plugin, 'directory.authenticate', () => ({ params }) => ({
        user: { login: params.login, account: 'acme', role: 'user' },
      })),
  },
};
