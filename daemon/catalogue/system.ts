/** The daemon itself, and sessions. */
import { counter, list, oneOf, record, string } from '../../plugin-protocol/shape.ts';
import { method } from './method.ts';
import { Identity, Session } from './resources.ts';

const name = { method: string('The name of a method.', { maxLength: 256 }) };

export const systemMethods = {
  listMethods: method('system.listMethods', {
    since: '0.1.0',
    doc: 'The names of all methods.',
    params: {},
    result: list(string('A name.'), 'Names.'),
    returns: 'The names, sorted.',
    permission: 'public',
    example: { params: {}, result: ['system.listMethods', 'vm.list'] },
  }),
  methodHelp: method('system.methodHelp', {
    since: '0.1.0',
    doc: 'What a method does, in prose.',
    params: name,
    result: string('Prose.', { maxLength: 65_536 }),
    returns: 'The prose.',
    faults: ['unknown-method'],
    permission: 'public',
    example: { params: { method: 'vm.start' }, result: 'Power on a stopped machine.' },
  }),
  methodSignature: method('system.methodSignature', {
    since: '0.1.0',
    doc: 'The types of a method, in the words of XML-RPC: a list of signatures, one for each number of optional parameters that is given; in each, the type of the result comes first.',
    params: name,
    result: list(list(string('A type.'), 'A signature.'), 'Signatures.'),
    returns: 'The signatures.',
    faults: ['unknown-method'],
    permission: 'public',
    example: {
      params: { method: 'operation.wait' },
      result: [
        ['struct', 'string'],
        ['struct', 'string', 'double'],
      ],
    },
  }),
  version: method('system.version', {
    since: '0.1.0',
    doc: 'Which software this is.',
    params: {},
    result: record('Version', 'A version.', {
      name: string('The name of the software.'),
      version: string('Its version.'),
      api: string('The version of the catalogue of methods.'),
    }),
    returns: 'Name and versions.',
    permission: 'public',
    example: { params: {}, result: { name: 'annelid', version: '0.1.0', api: '1' } },
  }),
  health: method('system.health', {
    since: '0.1.0',
    doc: 'Whether the daemon is well.',
    params: {},
    result: record('Health', 'How the daemon is.', {
      status: oneOf(
        ['ok', 'degraded', 'failing'],
        '`degraded`: a connector cannot be used. `failing`: the store cannot be written.',
      ),
      uptimeSeconds: counter('Seconds since the daemon was started.'),
      message: string('What is wrong; empty when nothing is.'),
    }),
    returns: 'How it is.',
    permission: 'public',
    example: { params: {}, result: { status: 'ok', uptimeSeconds: '86400', message: '' } },
  }),
};

export const sessionMethods = {
  login: method('session.login', {
    since: '0.1.0',
    doc: 'Exchange a name and password for a token.',
    params: {
      user: string('The name of the user.', { maxLength: 256 }),
      password: string('The password.', { maxLength: 1024 }),
    },
    result: Session,
    returns: 'The token and whose it is.',
    permission: 'public',
    example: {
      params: { user: 'alice', password: 'correct horse' },
      result: {
        token: 'annelid_4fJx0q',
        user: 'alice',
        account: 'acme',
        role: 'user',
        expires: '2026-01-31T20:00:00.000Z',
      },
    },
  }),
  logout: method('session.logout', {
    since: '0.1.0',
    doc: 'End the token that this call is made with.',
    params: {},
    result: record('LoggedOut', 'The end of a token.', { user: string('Whose token it was.') }),
    returns: 'Whose token it was.',
    faults: ['conflict'],
    permission: 'read',
    example: { params: {}, result: { user: 'alice' } },
  }),
  whoami: method('session.whoami', {
    since: '0.1.0',
    doc: 'Who is calling, as the daemon sees it.',
    params: {},
    result: Identity,
    returns: 'The caller.',
    permission: 'read',
    example: { params: {}, result: { user: 'alice', account: 'acme', role: 'user', token: true } },
  }),
};
