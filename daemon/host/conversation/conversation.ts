/** One process of a plugin, or one connection to one that runs already, from its start to its end. */

import type { Side } from '../../../plugin-protocol/cassette/format.ts';
import { type Check, compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { Description, protocolVersion } from '../../../plugin-protocol/contract/base.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { RequestId } from '../../../plugin-protocol/rpc/messages.ts';
import type { Clock, Log, NativeEvent } from '../../core/ports.ts';
import type { Desk } from '../call/desk.ts';
import type { InstanceConfig } from '../instance-config.ts';
import { createNotes, type Notes } from '../keeper/notes.ts';
import { nameOf } from '../limit-name.ts';
import { createLink, type Link } from '../link/link.ts';
import type { Turns } from '../link/turns.ts';
import { sandboxHint } from '../program/sandbox.ts';
import { asSentence } from '../sentence.ts';
import type { Kept, Transport, TransportHandlers } from '../transport/transport.ts';
import { type OpenOptions, openPlugin, type Patience } from './open.ts';
import { createOutput, type ProcessFacts } from './output.ts';
import { warnOfUnknownNames } from './unknown-names.ts';

export interface ConversationContext extends OpenOptions {
  clock: Clock;
  log: Log;
  turns: Turns;
  desk: Desk;
  /** The configuration with which it serves an instance. */
  configOf: (instance: string) => InstanceConfig | undefined;
  patience: Patience;
  /** What the log says of the process with each line. */
  about: () => ProcessFacts;
  /** Told lines that belong to no request; those of `instance`, where it is said which. */
  onLine: (from: Side, text: string, instance?: unknown) => void;
  onEvent: (instance: string | undefined, event: NativeEvent) => void;
  /** Where each call has a process of its own: what is the matter with them; undefined when it is over, or nothing was. */
  onAlarm: (text: string | undefined) => void;
}

export interface Ending {
  /** `The plugin ended with code 1`. */
  how: string;
  /** Its own last words, where they may say why. */
  detail?: string | undefined;
  /** Lines on standard error that the log does not have. */
  stderr: string[];
}

export interface Conversation {
  readonly pid?: number | undefined;
  /** Each call has a process of its own. */
  readonly isOneShot: boolean;
  readonly link: Link;
  /** What it says of itself, now or to a daemon before. Rejects when it ends before; it is ended when it does not say it. */
  readonly described: Promise<Description>;
  /** What daemons before have left for this one. */
  readonly notes: Notes;
  readonly ended: Promise<Ending>;
  /** Let it finish, and end it. What is under way with it then is not suspected of having ended it. */
  stop(): Promise<void>;
  /** Leave it to its keeper and to the next daemon; undefined where none holds it. */
  readonly release: (() => Promise<void>) | undefined;
  /** End it now. */
  kill(): void;
}

/** How a process ends that has done what it was to do. */
const inOrder = 'ended with code 0';

const unheard =
  'The plugin has a process for each call, and reports no events between them; one with cursors is asked for them.';

/** Why an answer to `describe` may be missing. */
const hintFor = (noise: string | undefined): string => {
  if (noise === undefined) return ' and wrote nothing on standard output, which must be flushed after each line';
  if (/^\s*\{/.test(noise))
    return ', and what it wrote begins with { but is no message on one line with "jsonrpc":"2.0"';
  return ', and what it wrote on standard output is no message';
};

const checkDescription = compileCheck(Description, { lenient: true });
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Start the program, or connect to the one that runs already; rejects with an `Error` that says why it cannot be. */
export const converse = async (config: InstanceConfig, context: ConversationContext): Promise<Conversation> => {
  const { limits, clock, log, turns, desk, about, configOf, onEvent, onLine, onAlarm } = context;
  const { plugin } = config;
  const logged: Link['logged'] = (line, meant) => link.logged(line, meant);
  const output = createOutput(log, about, config.logLevel ?? 'info', clock, onEvent, logged);
  let noise: string | undefined;
  let carrier: Transport | undefined;
  /** Why the host has ended it. */
  let failure: string | undefined;
  let isStopping = false;
  let isDescribed = false;
  const fail = (why: string) => {
    failure = why;
    carrier?.kill();
  };
  /** Why it is not there any more; undefined when it answers: of a machine that has gone, the network would tell after a quarter of an hour. */
  const silence = async (): Promise<string | undefined> => {
    const asked = {
      method: 'echo',
      params: {},
      timeoutMs: limits.cancelMs,
      limit: 'cancelMs',
      mutates: false,
    } as const;
    try {
      await link.request({ ...asked, urgent: true, check: () => undefined });
      return undefined;
    } catch (error) {
      return error instanceof Fault && error.kind === 'timeout' ? error.message : undefined;
    }
  };
  let isAsking = false;
  const askForEcho = async () => {
    // A process that is there is known to be.
    if (isAsking || carrier === undefined || carrier.pid !== undefined) return;
    isAsking = true;
    const why = await silence();
    if (why !== undefined) fail(`had to be ended: ${why}`);
    isAsking = false;
  };
  /** What asks has read to the end of its input, and would wait for ever. */
  const refuseRequest = (method: string, params: unknown) => {
    const { call } = (params ?? {}) as { call?: RequestId };
    const why = `asks for ${method}, and has a process for each call, whose input has ended: it must answer need instead`;
    if (call === undefined || (link.lost(call, why, true)?.isKnown ?? true)) return;
    log.error(about(), `The plugin ${why}.`);
    carrier?.oneShot?.end(call);
  };
  const link = createLink({
    name: plugin,
    limits,
    turns,
    send: (lines) => carrier?.send(lines) ?? true,
    onUnanswered(id, why, isStuck) {
      if (carrier?.oneShot) carrier.oneShot.end(id);
      else if (isStuck) fail(`had to be ended: ${why}`);
      else void askForEcho();
    },
    onLeft: (id) => carrier?.oneShot?.left(id),
    onNoise: (text, why) => {
      noise ??= text;
      onLine('noise', text);
      output.noise(text, why);
    },
    onNotification: (method, params, line) => {
      onLine('plugin', line, (params as { instance?: unknown } | undefined)?.instance);
      output.notification(method, params);
    },
    onRequest(method, params, id) {
      if (carrier?.oneShot) refuseRequest(method, params);
      const meant = id === undefined ? undefined : configOf(id);
      const asker = meant && { connector: meant.id, secrets: meant.secrets ?? {}, owner: output };
      return desk.answer(method, params, asker, output);
    },
  });

  let lostInARow = 0;
  /** The process of one call has ended. */
  const callEnded = (id: RequestId, how: string, lost: ReturnType<Link['lost']>) => {
    lostInARow = lost === undefined ? 0 : lostInARow + 1;
    const [words, stderr] = [output.lastWords(id), output.unlogged(id)];
    const text = `${how}${words === undefined ? '' : `: ${words.replace(/\.$/, '')}`}.`;
    const most = limits.crashes;
    const alarm = `Its last ${most} calls or more had no answer${nameOf('crashes')}; the process of the last one ${text}`;
    onAlarm(lostInARow < most ? undefined : alarm);
    if (lost === undefined && how !== inOrder) log.warn(about(), `The plugin ${how} behind its answer.`);
    if (lost === undefined || lost.isKnown) return;
    const facts = { ...about(), ...(stderr.length > 0 ? { stderr } : {}) };
    log.error(facts, asSentence(`The plugin ${how} and has not answered ${lost.method}`));
  };
  let kept: Kept | undefined;
  const handlers: TransportHandlers = {
    maxLine: link.maxLineFromPlugin,
    onLine: link.receive,
    onLong: link.receiveLong,
    onTooLong: link.receiveTooLong,
    onInvalid: link.receiveInvalid,
    onError: (line, id) => {
      onLine('error', line);
      output.error(line, id);
    },
    onCallEnded(id, how, begun) {
      const lost = link.lost(id, how, begun);
      if (!isStopping) callEnded(id, how, lost);
    },
    onWritable: link.writable,
    onKept: (found) => {
      kept = found;
      link.former.take(found.generation, found.calls);
    },
    onOutdated: (parts) =>
      log.info(
        { ...about(), changed: parts },
        `The plugin that a keeper held is ended and started anew, since this has changed: ${parts.join(', ')}.`,
      ),
  };
  const transport = await openPlugin(config, context, handlers, context.patience);
  carrier = transport;
  transport.occupy?.(async () =>
    link.isAtCall ? 'is at a call' : (await silence()) === undefined ? 'answers' : undefined,
  );

  const describe = async (): Promise<Description> => {
    let given: unknown;
    const check: Check = (value) => {
      given = value;
      return checkDescription(value);
    };
    const { describeTimeoutMs: timeoutMs } = limits;
    const request = { method: 'describe', params: {}, check, timeoutMs, mutates: false, urgent: true };
    const description = (await link.request(request).catch((error) => {
      if (!(error instanceof Fault) || error.kind !== 'timeout') throw error;
      throw new Error(
        `It did not answer describe within ${timeoutMs} ms${nameOf('describeTimeoutMs')}${hintFor(noise)}.`,
      );
    })) as Description;
    warnOfUnknownNames(given as object, 'describe', log, about());
    if (!description.proto.includes(protocolVersion)) {
      throw new Error(
        `It speaks versions ${description.proto.join(', ')} of the protocol, and not ${protocolVersion}.`,
      );
    }
    return description;
  };
  const notes = createNotes(kept, (note) => transport.note?.(note));
  const introduce = async (): Promise<Description> => {
    const said = notes.description() ?? (await describe());
    const description = transport.oneShot?.described(said) ?? said;
    isDescribed = true;
    notes.described(description);
    link.described(description, transport.oneShot === undefined);
    if (transport.oneShot && said.features?.includes('events')) log.warn(about(), unheard);
    if (await link.former.fewerThan(description.concurrency ?? 1, limits.changeTimeoutMs)) return description;
    throw new Error('It does not finish what it does for the daemon before this one.');
  };
  const described = introduce();
  described.catch((error) => {
    if (!isStopping) fail(`did not say what it is: ${messageOf(error)}`);
  });

  return {
    pid: transport.pid,
    isOneShot: transport.oneShot !== undefined,
    link,
    notes,
    described,
    ended: transport.ended.then((how) => {
      const why = failure ?? how;
      const words = failure === undefined ? output.lastWords() : undefined;
      const hint = isDescribed || isStopping ? undefined : transport.sandbox && sandboxHint(transport.sandbox, words);
      const told = [words, hint].flatMap((part) => (part === undefined ? [] : [part.replace(/\.$/, '')]));
      const detail = told.length === 0 ? undefined : told.join('. ');
      link.close(why, !isStopping);
      desk.release(output);
      return { how: `The plugin ${why}`, detail, stderr: output.unlogged() };
    }),
    stop() {
      isStopping = true;
      return transport.stop();
    },
    release: transport.release && (() => transport.release!()),
    kill: () => transport.kill(),
  };
};
