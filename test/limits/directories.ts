/** The bounds of `limits.directories`. */
import type { Credentials } from '../../daemon/core/api.ts';
import type { Limits } from '../../daemon/limits.ts';
import { noopInstance, startHost } from '../host/running-host.ts';
import { startCore } from '../support/core.ts';
import { ScriptedBackend } from '../support/scripted-backend.ts';
import { type Bound, counted, pauseMs, timed, unsaid } from './bound.ts';

const noon = Date.parse('2026-01-31T12:00:00Z');
const settings = [{ connector: 'lab', role: 'user' as const }];
const whose = (user: string, password = 'right'): Credentials => ({ kind: 'password', user, password });

/** A core with a directory that knows everybody whose password is `right`; `ask` is a call with credentials. */
const withDirectory = async (context: Mocha.Context, limits: Partial<Limits['directories']>) => {
  const backend = new ScriptedBackend();
  const clock = { now: noon };
  backend.scripts.set('directory.authenticate', async ({ params }) => {
    await Promise.resolve();
    return params.secret === 'right' ? { user: { login: params.login, account: 'acme', role: 'user' } } : {};
  });
  const options = { backend, now: () => clock.now, limits: { directories: limits }, directories: () => settings };
  const { call } = await startCore(context, options);
  const ask = (credentials: Credentials): Promise<string | undefined> =>
    call('session.whoami', {}, credentials).then(
      () => undefined,
      (fault: Error) => fault.message,
    );
  return { backend, clock, ask };
};

export const directories: { [L in keyof Limits['directories']]: Bound } = {
  timeoutMs: timed(async (context, timeoutMs) => {
    const answer = { delayMs: pauseMs, result: { user: { login: 'ann', account: 'acme', role: 'user' as const } } };
    const instance = noopInstance({ script: { 'directory.authenticate': answer } });
    const { host } = await startHost(context, [instance], { cancelMs: 10 });
    const known = [{ connector: instance.id, role: 'user' as const }];
    const limits = { directories: { timeoutMs } };
    const { call } = await startCore(context, { backend: host, limits, directories: () => known });
    return call('session.whoami', {}, whose('ann')).then(
      () => undefined,
      (fault: Error) => fault.message,
    );
  }),
  asked: counted(3, async (context, asked) => {
    const { ask } = await withDirectory(context, { asked });
    const all = await Promise.all(['ann', 'ben', 'cat'].map((user) => ask(whose(user))));
    return all.find((words) => words !== undefined);
  }),
  strangers: counted(3, async (context, strangers) => {
    const { ask } = await withDirectory(context, { strangers });
    const all = await Promise.all(['ann', 'ben', 'cat'].map((user) => ask(whose(user))));
    return all.find((words) => words !== undefined);
  }),
  rememberMs: unsaid(
    'The directory is asked again, and the caller hears nothing of it.',
    counted(1000, async (context, rememberMs) => {
      const { ask, backend, clock } = await withDirectory(context, { rememberMs });
      await ask(whose('ann'));
      clock.now += 999;
      await ask(whose('ann'));
      const asked = backend.sent.filter(({ call }) => call === 'directory.authenticate').length;
      return asked === 1 ? undefined : 'asked again';
    }),
  ),
  loginFailures: counted(3, async (context, loginFailures) => {
    const { ask } = await withDirectory(context, { loginFailures });
    let words: string | undefined;
    for (const [guess, login] of ['Ann', 'ANN ', 'ann'].entries()) words = await ask(whose(login, `guess ${guess}`));
    return words === 'The user name or the password is wrong.' ? undefined : words;
  }),
};
