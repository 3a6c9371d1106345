/** The secrets that a plugin is given while it is checked, and where they must not turn up. */
import { hiding } from '../../secrets/forms.ts';
import type { ProcessSeen } from '../process/proc.ts';
import { excerpt, type Ledger } from '../report/verdict.ts';
import type { Setting } from './setting.ts';

export interface Secrets {
  /** Put into a configuration, to be found wherever it turns up. */
  readonly canary: string;
  /** What nobody's secret is: somebody is said to log in with it. */
  readonly guess: string;
  isIn(text: string): boolean;
  /** Whether that one is, as it is or in a form that programs give it, such as base64. */
  holds(text: string, secret: string): boolean;
  /** Enter into the ledger what stands where it should not. */
  judge(text: string, where: string): void;
  /** The same of a program that it has started. */
  judgeProgram(program: Pick<ProcessSeen, 'argv' | 'environ'>): void;
  /** The same text without those that stand in it. */
  hiddenIn(text: string): string;
}

export const createSecrets = (
  { secrets: configured, hostSecrets = {}, login }: Pick<Setting, 'secrets' | 'hostSecrets' | 'login'>,
  nonce: string,
  ledger: Ledger,
): Secrets => {
  const canary = `annelid-canary-${nonce}`;
  const guess = `annelid-guess-${nonce}`;
  /** The first that has it says whose it is. */
  const kinds = [
    { clause: '16.2', whose: 'that it has asked for', secrets: Object.values(hostSecrets) },
    { clause: '18.3', whose: 'that somebody logged in with', secrets: [guess, ...(login ? [login.secret] : [])] },
    { clause: '6.6', whose: 'of its configuration', secrets: [...configured, canary] },
  ];
  const all = kinds.flatMap(({ secrets }) => secrets);
  const hidings = new Map(all.map((secret) => [secret, hiding([secret])]));
  const holds = (text: string, secret: string): boolean => (hidings.get(secret) ?? hiding([secret]))(text) !== text;
  const kindIn = (text: string) => kinds.find(({ secrets }) => secrets.some((secret) => holds(text, secret)));
  return {
    canary,
    guess,
    holds,
    isIn: (text) => all.some((secret) => holds(text, secret)),
    judge(text, where) {
      const kind = kindIn(text);
      if (kind === undefined) return;
      const { clause, whose } = kind;
      ledger.enter(
        clause,
        'failure',
        `A secret ${whose} stands on its ${where}.`,
        'Leave the values of passwords, tokens and keys out of messages and logs.',
      );
    },
    judgeProgram({ argv, environ }) {
      const name = excerpt(argv[0]);
      const [asArgument, inEnvironment] = [kindIn(argv.join('\0')), kindIn(environ)];
      if (asArgument !== undefined) {
        const { clause, whose } = asArgument;
        ledger.enter(
          clause,
          'failure',
          `A secret ${whose} is an argument of ${name}: every user of the machine can read it.`,
          'Hand it over by a pipe, or in a file that only its owner reads and that is removed.',
        );
      }
      if (inEnvironment === undefined) return;
      const { clause, whose } = inEnvironment;
      ledger.enter(clause, 'failure', `A secret ${whose} is in the environment of ${name}.`, 'Hand it over by a pipe.');
    },
    hiddenIn: (text) => all.reduce((left, secret) => left.replaceAll(secret, '(secret)'), text),
  };
};
