/** What a check is told of a plugin. */
import type { Patience } from '../conversation/conversation.ts';
import type { Subject } from '../process/carrier.ts';

export interface Setting {
  subject: Subject;
  /** The parsed `manifest.json` and where it is, when there is one. */
  manifest?: { file: string; content: unknown } | undefined;
  /** What `configure` gets; `{scratch}` in its text is a folder that is removed afterwards. */
  config: Record<string, unknown>;
  /** Parameters of `compute.create` that the backend needs, beside those that are made up. */
  create?: Record<string, unknown> | undefined;
  /** A call that takes a while. */
  slow?: string | undefined;
  /** Texts that must not come out again. */
  secrets: readonly string[];
  /** What `host.secret.get` answers, by name. */
  hostSecrets?: Record<string, string> | undefined;
  /** Somebody whom a directory knows. */
  login?: { login: string; secret: string; account?: string | undefined; role?: string | undefined } | undefined;
  /** What shows the books of one for accounting: a file, or a command. */
  books?: string | readonly string[] | undefined;
  /** What an entry must have for it to be taken. */
  entry?: Record<string, unknown> | undefined;
  /** Environment variables that the host would pass on. */
  env: Record<string, string>;
  /** Services that the daemon has itself. */
  takenServices: readonly string[];
  patience: Patience;
}
