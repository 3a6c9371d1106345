/** Managing the users of a daemon. */
import { compileCheck } from '../../plugin-protocol/check/compile.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { oneOf, optional, record, type Static, string } from '../../plugin-protocol/shape.ts';
import type { Core, NewUser } from '../core/index.ts';

const userName = {
  pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]*$',
  patternWords: 'begin with a letter or digit and hold nothing but letters, digits, ".", "_", "@" and "-"',
  maxLength: 256,
};
/** No wire carries them: HTTP Basic forbids control characters (RFC 7617 section 2), and so does XML. */
const password = { pattern: '^\\P{Cc}*$', patternWords: 'not hold control characters', minLength: 8, maxLength: 1024 };

const Request = record('ControlRequest', 'What to do with users.', {
  do: oneOf(['list', 'add', 'password', 'remove'], 'What to do.'),
  user: optional(string('The name of the user.', userName)),
  password: optional(string('The password.', password)),
  account: optional(string('The account of the user.', userName)),
  role: optional(oneOf(['reader', 'user', 'admin'], 'The role of the user.')),
});
export type UserRequest = Static<typeof Request>;
export type UserList = { user: string; account: string; role: string; created: string }[];

/** What management of users needs of the core. */
export type Users = Pick<Core, 'users' | 'hasUser' | 'putUser' | 'removeUser'>;

const check = compileCheck(Request);

const needed = <T>(value: T | undefined, field: string): T => {
  if (value === undefined) throw new Fault('invalid-params', `/${field} is missing.`, { field: `/${field}` });
  return value;
};

/** Carry out a request; answers the list of users as it is afterwards. Rejects with a `Fault`. */
export const manageUsers = async (users: Users, given: unknown): Promise<UserList> => {
  const { do: what, user, password, account, role } = check(given) as UserRequest;
  const known = (): NewUser => {
    const name = needed(user, 'user');
    const found = users.users().find(({ id }) => id === name);
    if (found === undefined) throw new Fault('not-found', `There is no user ${name}.`, { resource: name });
    return { user: name, account: found.account, role: found.role, password: '' };
  };
  if (what === 'add') {
    const name = needed(user, 'user');
    if (users.hasUser(name)) throw new Fault('exists', `There is a user ${name} already.`, { resource: name });
    await users.putUser({
      user: name,
      password: needed(password, 'password'),
      account: account ?? name,
      role: role ?? 'user',
    });
  } else if (what === 'password') {
    await users.putUser({ ...known(), password: needed(password, 'password') });
  } else if (what === 'remove') {
    const { user: name, role: itsRole } = known();
    if (itsRole === 'admin' && users.users().filter((other) => other.role === 'admin').length === 1) {
      throw new Fault('conflict', `${name} is the only administrator.`, { resource: name });
    }
    await users.removeUser(name);
  }
  return users.users().map(({ id, ...rest }) => ({ user: id, ...rest }));
};
