/**
 * Managing users of a running daemon, and watching its plugins, from the machine that it runs on: a unix socket in the state directory, which only
 * the owner of that directory can open. One JSON line each way.
 */
import { connect, createServer, type Socket } from 'node:net';
import { compileCheck } from '../../plugin-protocol/check.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { oneOf, optional, record, type Static, string } from '../../plugin-protocol/shape.ts';
import type { Core, NewUser } from '../core/index.ts';
import type { Reload } from '../reload/reload.ts';
import { answerForget, forgottenIn } from './forget.ts';
import { answerReload, reloadIn } from './reload.ts';
import { serveWatch, type Watchable } from './watch.ts';

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
export type ControlRequest = Static<typeof Request>;
export type UserList = { user: string; account: string; role: string; created: string }[];

/** What management of users needs of the core. */
export type Users = Pick<Core, 'users' | 'hasUser' | 'putUser' | 'removeUser'>;

const check = compileCheck(Request);
const longestRequest = 16 * 1024;
const requestTimeoutMs = 10_000;

const needed = <T>(value: T | undefined, field: string): T => {
  if (value === undefined) throw new Fault('invalid-params', `/${field} is missing.`, { field: `/${field}` });
  return value;
};

/** Carry out a request; answers the list of users as it is afterwards. */
export const manageUsers = async (users: Users, given: unknown): Promise<UserList> => {
  const { do: what, user, password, account, role } = check(given) as ControlRequest;
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

/** Everything up to the end of the first line. */
const readLine = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(requestTimeoutMs, () => socket.destroy(new Error('nothing was said in time')));
    socket.on('data', (piece: string) => {
      text += piece;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > longestRequest) socket.destroy(new Error('the line is too long'));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
  });

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** Who wants to watch a connector says so in a request of its own. */
const watchedIn = (request: unknown): string | undefined => {
  const { do: what, connector } = (request ?? {}) as { do?: unknown; connector?: unknown };
  return what === 'watch' && typeof connector === 'string' ? connector : undefined;
};

const answer = async (users: Users, request: unknown): Promise<object> => {
  try {
    return { users: await manageUsers(users, request) };
  } catch (error) {
    if (error instanceof Fault) return { fault: { kind: error.kind, message: error.message } };
    return { fault: { kind: 'malformed', message: 'This is no request.' } };
  }
};

/** What concerns plugins. */
export interface PluginControl {
  watchable: Watchable;
  /** Bytes that wait for a watcher who is slow. */
  maxBytes: number;
  reload: Reload;
  /** Drop what is kept of a connector that is gone. Rejects with a `Fault`. */
  forget: (connector: string) => Promise<void>;
}

export interface Control {
  /** No further requests; those that come over connections that there are already are refused. */
  close(): void;
}

const stopping = { fault: { kind: 'unavailable', message: 'The daemon is stopping; ask again once it runs.' } };

/** Serve requests; rejects when the socket cannot be made, for instance because its path is too long. */
export const openControl = (path: string, users: Users, plugins: PluginControl): Promise<Control> =>
  new Promise((resolve, reject) => {
    let isClosed = false;
    const server = createServer((socket) => {
      readLine(socket)
        .then(async (line) => {
          if (isClosed) return void socket.end(`${JSON.stringify(stopping)}\n`);
          const request = parsed(line);
          const connector = watchedIn(request);
          if (connector !== undefined) return serveWatch(socket, plugins.watchable, connector, plugins.maxBytes);
          const reload = reloadIn(request);
          const forgotten = forgottenIn(request);
          // It takes as long as plugins take to become ready.
          if (reload !== undefined) socket.setTimeout(0);
          const reply = await (reload !== undefined
            ? answerReload(plugins.reload, reload)
            : forgotten !== undefined
              ? answerForget(plugins.forget, forgotten)
              : answer(users, request));
          socket.end(`${JSON.stringify(reply)}\n`);
        })
        .catch(() => socket.destroy());
    });
    server.once('error', reject);
    const close = () => {
      isClosed = true;
      server.close();
    };
    server.listen(path, () => resolve({ close }));
  });

/** Ask the daemon that serves at `path`. Rejects with a `Fault`, or with Node's error when nobody serves there. */
export const askControl = async (path: string, request: ControlRequest): Promise<UserList> => {
  const socket = connect(path);
  socket.write(`${JSON.stringify(request)}\n`);
  const reply = JSON.parse(await readLine(socket)) as { users?: UserList; fault?: { kind: string; message: string } };
  socket.destroy();
  if (reply.users !== undefined) return reply.users;
  throw new Fault(reply.fault?.kind as Fault['kind'], reply.fault?.message ?? 'The daemon gave no reason.');
};
