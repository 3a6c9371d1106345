/** What probes work with: a plugin that can be started as often as they like, and brought to where calls can be made. */
import { randomBytes } from 'node:crypto';
import type { Conversation } from '../conversation/conversation.ts';
import { createWay, type Way } from '../report/obstacle.ts';
import { createLedger, type Ledger } from '../report/verdict.ts';
import { type BringUp, createBringUp } from './bring-up.ts';
import { createLaunch, type Launch } from './launch.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import type { Setting } from './setting.ts';

export interface Kit extends Launch, BringUp, Pick<Way, 'obstacle'> {
  readonly setting: Setting;
  readonly ledger: Ledger;
  /** In every name and key of this check: two checks of one backend must not meet each other's machines. */
  readonly nonce: string;
  /** The names of machines that were asked for. */
  readonly wished: Set<string>;
  readonly secrets: Secrets;
  /** What several probes look at is done for the first of them. */
  once<T>(work: (kit: Kit) => Promise<T>): Promise<T>;
  /** Resolves once everything that was sent before has been read: something sent afterwards was answered. */
  fence(conversation: Conversation): Promise<void>;
}

export const createKit = (setting: Setting): Kit => {
  const ledger = createLedger();
  const way = createWay();
  const nonce = randomBytes(6).toString('hex');
  const secrets = createSecrets(setting, nonce, ledger);
  const launch = createLaunch(setting, { ledger, secrets, way });
  const bringUp = createBringUp(setting, { launch, way });
  const done = new Map<unknown, Promise<unknown>>();
  return {
    ...launch,
    ...bringUp,
    setting,
    ledger,
    nonce,
    wished: new Set(),
    secrets,
    get obstacle() {
      return way.obstacle;
    },
    get identity() {
      return bringUp.identity;
    },
    once<T>(work: (kit: Kit) => Promise<T>): Promise<T> {
      const made = done.get(work) ?? work(this);
      done.set(work, made);
      return made as Promise<T>;
    },
    async fence(conversation) {
      await conversation.ask('echo', {});
    },
  };
};
