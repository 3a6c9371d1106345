/** Which processes of an instance can be called, and what the core is told of that. */
import type { BackendStatus, Clock } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import { asSentence } from '../sentence.ts';
import type { Attachment } from './attachment.ts';
import { choose } from './routing.ts';
import { createWaiters, type Waiters } from './waiters.ts';

export interface Presence {
  /** Those that are configured or about to be, and those that were replaced and have calls under way. */
  all(): Attachment[];
  /** The one that became ready last: it says what the instance is. */
  readonly newest: Attachment | undefined;
  /** Calls may wait: it is being started, or was there and is expected back. */
  readonly isExpected: boolean;
  readonly waiters: Pick<Waiters, 'wait'>;
  /** One that can be called: for a resource the same each time. One that suits, where there is one: versions may differ for a moment. */
  place(resource: string | undefined, suits?: (attachment: Attachment) => boolean): Attachment | undefined;
  readonly state: BackendStatus['state'];
  status(): BackendStatus;
  /** Why a call cannot be made. */
  unavailable(): string;
  add(attachment: Attachment): void;
  becameReady(attachment: Attachment): void;
  /** It takes no further calls, and may have some under way. */
  leave(attachment: Attachment): void;
  remove(attachment: Attachment): void;
  /** Where none can be called: what has become of it. `detail` is for operators, and not what callers are told. */
  lacking(state: 'starting' | 'failing', message: string, detail?: string): void;
  /** What is the matter with a process that crashes again and again; undefined when it is over. */
  alarm(slot: number, text: string | undefined): void;
  /** Why a process that was to take the place of one that serves did not; known until one becomes ready. */
  stale(text: string): void;
  restarting(): void;
  /** It will not be back at once: nobody waits for it any more. */
  giveUp(): void;
  stopped(message: string): void;
}

export interface PresenceContext {
  id: string;
  /** How the plugin is called until it has said its name. */
  plugin: () => string;
  limits: Limits['plugins'];
  clock: Clock;
  onStatus: (status: BackendStatus) => void;
  /** The calls that are held back. */
  heldBack: () => readonly string[];
}

/** `The plugin ended with code 1.` and why, in one sentence. */
const withDetail = (message: string, detail: string | undefined) =>
  detail === undefined ? message : asSentence(`${message.replace(/\.$/, '')}: ${detail}`);

const named = 3;

/** What is held back of an instance that is there for all other calls. */
const heldBackText = (id: string, calls: readonly string[]): string => {
  const more = calls.length > named ? ` and ${calls.length - named} more` : '';
  return `Held back, since the plugin kept ending with them: ${calls.slice(0, named).join(', ')}${more}. What lets them through: annelid plugin reload ${id}`;
};

export const createPresence = ({ id, plugin, limits, clock, onStatus, heldBack }: PresenceContext): Presence => {
  const attached = new Set<Attachment>();
  const leaving = new Set<Attachment>();
  const alarms = new Map<number, string>();
  const waiters = createWaiters(id, limits.queued);
  /** Processes that have been ready before. */
  const known = new Set<number>();
  let ready: readonly Attachment[] = [];
  let newest: Attachment | undefined;
  /** From the start on: what it published before is known, and called at once. */
  let isExpected = true;
  /** Runs while it is expected, and is not there. */
  let away: NodeJS.Timeout | undefined;
  let restarts = 0;
  let state: BackendStatus['state'] = 'starting';
  let message: string | undefined;
  let detail: string | undefined;
  let stale: string | undefined;
  let changed = clock.now();

  const status = (): BackendStatus => {
    const [alarm] = alarms.values();
    const words = message === undefined ? [] : [withDetail(message, detail)];
    if (stale !== undefined) words.push(stale);
    if (alarm !== undefined) words.push(alarm);
    const held = heldBack();
    if (held.length > 0) words.push(heldBackText(id, held));
    return {
      id,
      plugin: newest?.description.name ?? plugin(),
      ...(newest ? { version: newest.description.version } : {}),
      state,
      ...(words.length === 0 ? {} : { message: words.join(' ') }),
      calls: [...(newest?.calls ?? [])],
      features: newest?.description.features ?? [],
      restarts,
      changed,
      isCrashing: alarm !== undefined,
      heldBack: held.length,
    };
  };
  const become = (next: BackendStatus['state'], why?: string, more?: string) => {
    if (state === next && message === why && detail === more) return;
    state = next;
    message = why;
    detail = more;
    changed = clock.now();
    onStatus(status());
  };
  const unavailable = () => `${id} is ${state}${message === undefined ? '.' : `: ${message}`}`;

  const canBeCalled = ({ isReady }: Attachment) => isReady;
  const look = () => {
    ready = [...attached].filter(canBeCalled);
  };
  const rest = () => {
    clearTimeout(away);
    away = undefined;
  };
  const giveUp = () => {
    rest();
    isExpected = false;
    waiters.dismiss(unavailable());
  };

  away = setTimeout(giveUp, limits.awayMs).unref();

  return {
    all: () => [...attached, ...leaving],
    get state() {
      return state;
    },
    get newest() {
      return newest;
    },
    get isExpected() {
      return isExpected;
    },
    waiters,
    place(resource, suits) {
      const there = ready.every(canBeCalled) ? ready : ready.filter(canBeCalled);
      const fitting = suits === undefined || there.length < 2 || there.every(suits) ? there : there.filter(suits);
      return choose(fitting.length > 0 ? fitting : there, resource);
    },
    status,
    unavailable,
    add(attachment) {
      attached.add(attachment);
    },
    becameReady(attachment) {
      newest = attachment;
      stale = undefined;
      look();
      rest();
      isExpected = true;
      const { slot } = attachment;
      if (state !== 'ready') become('ready');
      // One that comes back, or in the place of another, may not know what has happened meanwhile.
      else if (known.has(slot)) onStatus(status());
      known.add(slot);
      waiters.admit();
    },
    leave(attachment) {
      attached.delete(attachment);
      leaving.add(attachment);
      look();
    },
    remove(attachment) {
      attached.delete(attachment);
      leaving.delete(attachment);
      look();
    },
    lacking(next, why, more) {
      if (ready.length > 0) return;
      become(next, why, more);
      if (alarms.size > 0 || known.size === 0) giveUp();
      else if (isExpected && next === 'failing') away ??= setTimeout(giveUp, limits.awayMs);
    },
    alarm(slot, text) {
      if (alarms.get(slot) === text) return;
      if (text === undefined) alarms.delete(slot);
      else alarms.set(slot, text);
      onStatus(status());
    },
    stale(text) {
      stale = text;
      onStatus(status());
    },
    giveUp,
    restarting() {
      restarts++;
    },
    stopped(why) {
      for (const attachment of attached) attachment.end();
      attached.clear();
      look();
      become('stopped', why);
      giveUp();
    },
  };
};
