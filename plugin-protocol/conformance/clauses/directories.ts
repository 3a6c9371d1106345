/** Section 18: directories. */
import type { DirectoryUser } from '../../contract/directory.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { has, result } from '../evidence/machine.ts';
import { hostileTexts, nobody } from '../evidence/values.ts';
import { watchBelow } from '../process/proc.ts';
import { excerpt, Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

type Call = 'directory.authenticate' | 'directory.find';

const claimed = async (kit: Kit, call: Call): Promise<Conversation> => {
  const conversation = await kit.shared();
  if (!has(conversation, call)) throw new Unclaimed(`It does not name ${call}.`);
  return conversation;
};

const ask = async (
  kit: Kit,
  conversation: Conversation,
  call: Call,
  params: { login: string; secret?: string },
): Promise<DirectoryUser | undefined> =>
  (await result<{ user?: DirectoryUser } | undefined>(kit, conversation, call, params))?.user;

const advice = 'Nobody has that login, or not with that secret: answer a result without user.';

/** Secrets that are not it, and that careless comparisons take for it. */
const almost = (secret: string): { what: string; secret: string }[] =>
  [
    { what: 'has more behind the right one', secret: `${secret}x` },
    { what: 'is only the beginning of the right one', secret: secret.slice(0, -1) },
    { what: 'has a line break and more behind the right one', secret: `${secret}\nx` },
    { what: 'has a line break behind the right one', secret: `${secret}\n` },
    { what: 'has a space behind the right one', secret: `${secret} ` },
    { what: 'has a NUL and more behind the right one', secret: `${secret}\0x` },
    { what: 'has a space before the right one', secret: ` ${secret}` },
    { what: 'is the right one in capitals', secret: secret.toUpperCase() },
  ].filter((one) => one.secret !== secret && one.secret !== '');

const longestLogin = 256;
const longestSecret = 1024;

const refuses = async (kit: Kit): Promise<void> => {
  const conversation = await claimed(kit, 'directory.authenticate');
  const { guess } = kit.secrets;
  const strangers = [
    { login: nobody, secret: guess },
    ...(kit.setting.login ? [{ login: kit.setting.login.login, secret: guess }] : []),
  ];
  for (const params of strangers) {
    const user = await ask(kit, conversation, 'directory.authenticate', params);
    if (user !== undefined)
      throw new Failure(`It lets ${excerpt(params.login)} in with a secret that was made up.`, advice);
  }
  const long = { login: nobody.padEnd(longestLogin, 'x'), secret: guess.padEnd(longestSecret, 'x') };
  if ((await ask(kit, conversation, 'directory.authenticate', long)) !== undefined)
    throw new Failure('It lets somebody in with a login and a secret that are as long as they may be.', advice);
};

const comparesAll = async (kit: Kit): Promise<void> => {
  const conversation = await claimed(kit, 'directory.authenticate');
  await known(kit, conversation);
  const { login, secret: right } = kit.setting.login!;
  for (const { what, secret } of almost(right)) {
    if ((await ask(kit, conversation, 'directory.authenticate', { login, secret })) !== undefined)
      throw new Failure(`It lets ${excerpt(login)} in with a secret that ${what}.`, 'All of a secret counts.');
  }
};

/** The user of the manifest's login. */
const known = async (kit: Kit, conversation: Conversation): Promise<DirectoryUser> => {
  const { login } = kit.setting;
  if (login === undefined) {
    throw new Skip(
      'No login is known that is right.',
      'Say one as check.login in manifest.json: whether it lets anybody in is first seen when somebody logs in.',
    );
  }
  const user = await ask(kit, conversation, 'directory.authenticate', { login: login.login, secret: login.secret });
  if (user === undefined) throw new Failure('It does not let the login of check.login in with its secret.');
  for (const member of ['account', 'role'] as const) {
    const wanted = login[member];
    if (wanted === undefined || user[member] === wanted) continue;
    throw new Failure(
      `It answers the ${member} ${excerpt(user[member] ?? 'none')} for the login of check.login, which says ${excerpt(wanted)}.`,
      'Read both of the user who logs in: from the groups that a directory has them in.',
    );
  }
  return user;
};

const finds = async (kit: Kit): Promise<void> => {
  const conversation = await claimed(kit, 'directory.find');
  if ((await ask(kit, conversation, 'directory.find', { login: nobody })) !== undefined)
    throw new Failure(`directory.find answers a user for ${nobody}.`, advice);
  const user = await known(kit, conversation);
  const found = await ask(kit, conversation, 'directory.find', { login: user.login });
  if (JSON.stringify(found) === JSON.stringify(user)) return;
  throw new Failure(
    `directory.find answers ${excerpt(found ?? 'no user')} for whom directory.authenticate answers as ${excerpt(user)}.`,
    'Both tell who somebody is; tokens end when the two differ in the login.',
  );
};

/** What is no login to a directory that takes it for what it is. */
const patterns = ['*', 'a*', '*)(uid=*', '*)(|(uid=*', 'admin)(&)', "' or '1'='1", '%', '.*', '\\2a'];

const takesLoginsAsTheyAre = async (kit: Kit): Promise<void> => {
  const conversation = await claimed(kit, 'directory.authenticate');
  const { guess } = kit.secrets;
  const secrets = [guess, ...(kit.setting.login ? [kit.setting.login.secret] : [])];
  // The host lets no control characters through.
  const logins = [...patterns, ...hostileTexts.map(({ text }) => text.replace(/\p{Cc}/gu, ''))];
  for (const login of logins) {
    for (const secret of secrets) {
      if ((await ask(kit, conversation, 'directory.authenticate', { login, secret })) !== undefined)
        throw new Failure(`It lets the login ${excerpt(login)} in.`, 'A login means itself alone: escape it.');
    }
    if (!has(conversation, 'directory.find')) continue;
    if ((await ask(kit, conversation, 'directory.find', { login })) !== undefined)
      throw new Failure(`It finds the login ${excerpt(login)}.`, 'A login means itself alone: escape it.');
  }
  for (const { path, content } of kit.workspace.written()) {
    if (!secrets.some((secret) => kit.secrets.holds(content.toString(), secret))) continue;
    throw new Failure(`A secret that somebody logged in with stands in a file: ${kit.workspace.shown(path)}`);
  }
};

/** So often somebody logs in while it is looked for programs that are told the secret. */
const logins = 3;

const keepsThemFromPrograms = async (kit: Kit): Promise<void> => {
  const conversation = await claimed(kit, 'directory.authenticate');
  // Skips where they cannot be looked for.
  kit.processes(conversation);
  const { guess } = kit.secrets;
  const login = kit.setting.login?.login ?? nobody;
  const watch = watchBelow(conversation.carrier.pid!);
  try {
    for (let time = 0; time < logins; time++)
      await ask(kit, conversation, 'directory.authenticate', { login, secret: guess });
  } finally {
    watch.stop().forEach(kit.secrets.judgeProgram);
  }
};

export const directories: readonly Clause[] = [
  {
    clause: '18.1',
    asks: 'directory.authenticate answers the user, or none.',
    probes: [
      probe('lets nobody in with a secret that is made up', refuses),
      probe('lets nobody in with a secret that is almost right', comparesAll),
      probe('knows whom it should know', async (kit) => {
        await known(kit, await claimed(kit, 'directory.authenticate'));
      }),
    ],
  },
  {
    clause: '18.2',
    asks: 'directory.find answers the same, without a secret.',
    probes: [probe('finds whom it knows, and nobody else', finds)],
  },
  {
    clause: '18.3',
    asks: 'A login means itself alone, and a secret turns up nowhere.',
    probes: [
      probe('takes logins as they are, and keeps secrets', takesLoginsAsTheyAre),
      probe('keeps them from the arguments of programs that it starts', keepsThemFromPrograms),
    ],
  },
  {
    clause: '18.4',
    asks: 'Users of the daemon come first, and nobody gets more than the configuration allows.',
    host: 'It is the host that decides.',
  },
];
