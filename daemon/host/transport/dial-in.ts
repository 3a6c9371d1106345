/**
 * Plugins that connect to the daemon by themselves. Each says in its first line for which connector it is and shows the
 * token of that; over TLS its certificate names the connector's own host, too. Who is not admitted is told one sentence,
 * always the same: which of it was wrong is for the log.
 */
import { createHash, timingSafeEqual, type X509Certificate } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Address, addressOf, dialsIn } from '../../../plugin-protocol/connection/address.ts';
import { clearSocket, listenAt } from '../../../plugin-protocol/connection/listening.ts';
import { certificateComplaint, type SecureFiles } from '../../../plugin-protocol/connection/secure.ts';
import { admissionOf, refusalLine } from '../../../plugin-protocol/rpc/admission.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import type { Configs, InstanceConfig } from '../instance-config.ts';
import { nameOf } from '../limit-name.ts';
import { createRateGate } from '../rate.ts';
import { createHandshakeServer, type HandshakeServer, prefix } from './handshakes.ts';
import type { SignOfLife } from './transport.ts';

export interface Doorway {
  /** From now on these are admitted, as they are configured now. */
  expect(instances: readonly InstanceConfig[]): void;
  /** Rejects with an `Error` that says why when an address cannot be listened at. */
  open(): Promise<void>;
  /** The connection that was admitted last for a connector and has not been handed out; resolves once there is one. */
  next(connector: string, signal: AbortSignal): Promise<Socket>;
  /** How to ask whether the plugin at a connection that was handed out is there; before that it counts as gone. */
  occupied(socket: Socket, sign: () => Promise<SignOfLife | undefined>): void;
  close(): void;
}

export interface DoorwayOptions {
  /** `unix:PATH` or `tls://HOST:PORT`. */
  addresses: readonly string[];
  tls: SecureFiles | undefined;
  limits: Limits['plugins'];
  clock: Clock;
  log: Log;
}

const minuteMs = 60_000;
/** Of the first line: a name, a token, and what stands around them. */
const longestAdmission = 8192;
const longestName = 64;
const lineFeed = 10;
const loggedPerSecond = 10;

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Everything up to the end of the first line; what came behind it is read by whoever reads next. */
const firstLine = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const read = (piece: Buffer) => {
      const end = piece.indexOf(lineFeed);
      bytes += end < 0 ? piece.length : end;
      pieces.push(end < 0 ? piece : piece.subarray(0, end));
      const isTooLong = bytes > longestAdmission;
      if (end < 0 && !isTooLong) return;
      socket.off('data', read);
      if (isTooLong) return reject(new Error(`its first line is longer than ${longestAdmission} bytes`));
      socket.pause();
      if (end + 1 < piece.length) socket.unshift(piece.subarray(end + 1));
      resolve(Buffer.concat(pieces).toString());
    };
    socket.on('data', read);
    socket.once('close', () => reject(new Error('it closed the connection')));
  });

/** Who has connected. */
interface Visitor {
  socket: Socket;
  /** For the log. */
  address: string;
  /** One that is good; undefined on a unix socket, which the daemon's user alone can open. */
  certificate: X509Certificate | undefined;
}

export const createDoorway = ({ addresses, tls, limits, clock, log }: DoorwayOptions): Doorway => {
  let expected: Configs = new Map();
  const servers: Server[] = [];
  const secured: HandshakeServer[] = [];
  /** Admitted and not handed out, and those who wait for one. */
  const ready = new Map<string, Socket>();
  const waiting = new Map<string, (socket: Socket) => void>();
  const inUse = new Map<string, Socket>();
  const signs = new WeakMap<Socket, () => Promise<SignOfLife | undefined>>();
  /** Connected and not admitted, those first who have been there for the longest. */
  const strangers = new Set<Socket>();
  const hungUp = new WeakSet<Socket>();
  /**
   * By certificate: where plugins come from one machine, as over a unix socket, one that has an old token must not keep
   * others out. Who can open the unix socket can read the token, so nothing is to be guessed there.
   */
  const refusals = new Map<string, number>();
  let minute = 0;
  const mayLog = createRateGate(loggedPerSecond, clock.now, (lines) =>
    log.warn({ lines }, 'More connections of plugins were refused.'),
  );

  /** How often whoever shows a certificate was refused in this minute. */
  const refusedOf = ({ fingerprint256 }: X509Certificate): number => {
    const now = Math.floor(clock.now() / minuteMs);
    if (now !== minute) refusals.clear();
    minute = now;
    return refusals.get(fingerprint256) ?? 0;
  };
  const turnAway = ({ socket, address }: Visitor, reason: string, connector?: string) => {
    if (hungUp.has(socket)) return;
    if (mayLog()) {
      log.warn(
        // A longer one is no connector's; it may be a token in the wrong place, of which the log is not to have a part.
        { address, reason, ...(connector !== undefined && connector.length <= longestName ? { connector } : {}) },
        'A plugin that connected was not admitted.',
      );
    }
    socket.end(`${refusalLine}\n`);
    socket.resume();
    // Who does not hang up is hung up.
    setTimeout(() => socket.destroy(), limits.admitTimeoutMs).unref();
  };
  /** For what it has shown, or not: who does so too often is not listened to. */
  const refuse = (visitor: Visitor, reason: string, connector?: string) => {
    const { socket, certificate } = visitor;
    if (certificate && !hungUp.has(socket)) refusals.set(certificate.fingerprint256, refusedOf(certificate) + 1);
    turnAway(visitor, reason, connector);
  };

  const admit = (connector: string, socket: Socket) => {
    // It does not answer: it may be dead without a sign of it.
    inUse.get(connector)?.destroy(new Error('another connection of the plugin took its place'));
    ready.get(connector)?.destroy();
    strangers.delete(socket);
    const taker = waiting.get(connector);
    waiting.delete(connector);
    if (taker) taker(socket);
    else ready.set(connector, socket);
    log.info({ connector }, 'A plugin has connected.');
  };

  /** Why it is not admitted; undefined when it is. */
  const complaintOf = ({ certificate }: Visitor, { connector, token }: { connector: string; token: string }) => {
    const known = expected.get(connector);
    // As much work for a name that is not known.
    const right = timingSafeEqual(digest(token), digest(known?.token ?? ''));
    if (known?.token === undefined) return 'no such connector waits for a plugin';
    if (!right) return token === '' ? 'its token is empty' : 'its token is wrong';
    if (certificate === undefined) return undefined;
    const name = known.certificate ?? connector;
    const shown = certificate.checkHost(name, { subject: 'always', wildcards: false });
    return shown === undefined ? `its certificate is not for ${name}` : undefined;
  };

  /** What shows that the plugin of a connector is connected: another one would take its place, and it that of the other. */
  const signOf = async (connector: string): Promise<SignOfLife | undefined> => {
    const socket = inUse.get(connector);
    const sign = socket && (await signs.get(socket)?.());
    return inUse.get(connector) === socket && !socket?.destroyed ? sign : undefined;
  };

  const meet = async (visitor: Visitor) => {
    const { socket } = visitor;
    const late = setTimeout(
      () => socket.destroy(new Error(`it said nothing within ${limits.admitTimeoutMs} ms${nameOf('admitTimeoutMs')}`)),
      limits.admitTimeoutMs,
    );
    let why: string | undefined;
    socket.on('error', ({ message }) => {
      why = message;
    });
    try {
      const line = await firstLine(socket);
      clearTimeout(late);
      const admission = admissionOf(line);
      if (admission === undefined) return refuse(visitor, 'its first line is no $/admit');
      const complaint = complaintOf(visitor, admission);
      if (complaint !== undefined) return refuse(visitor, complaint, admission.connector);
      const sign = await signOf(admission.connector);
      if (sign !== undefined) {
        const reason = `another plugin is connected for this connector, and ${sign}`;
        // It has shown what it must: once the other has gone it is not to be kept waiting.
        return turnAway(visitor, reason, admission.connector);
      }
      if (socket.destroyed) return undefined;
      admit(admission.connector, socket);
    } catch (error) {
      refuse(visitor, why ?? (error as Error).message);
    } finally {
      clearTimeout(late);
    }
  };

  /** Before anything is heard. Who means it is admitted at once: those who say nothing make room for others. */
  const receive = (socket: Socket, text: string) => {
    strangers.add(socket);
    socket.once('close', () => strangers.delete(socket));
    if (strangers.size <= limits.strangers) return;
    const [oldest] = strangers;
    const { remoteAddress: address = text } = oldest!;
    strangers.delete(oldest!);
    hungUp.add(oldest!);
    oldest!.destroy();
    if (mayLog())
      log.warn({ address }, `A plugin that connected was hung up on for another one${nameOf('strangers')}.`);
  };
  const come = (visitor: Visitor) => {
    const { socket, address, certificate } = visitor;
    if (certificate === undefined || refusedOf(certificate) < limits.refusals) return void meet(visitor);
    if (mayLog()) log.warn({ address }, `A plugin that connected was not listened to${nameOf('refusals')}.`);
    socket.end(`${refusalLine}\n`);
    socket.destroySoon();
  };
  const shaken = (socket: TLSSocket, connection: Socket | undefined, text: string) => {
    if (connection !== undefined) strangers.delete(connection);
    receive(socket, text);
    const complaint = certificateComplaint(socket, prefix);
    const visitor = { socket, address: socket.remoteAddress ?? text };
    if (complaint === undefined) return come({ ...visitor, certificate: socket.getPeerX509Certificate() });
    socket.on('error', () => {});
    refuse({ ...visitor, certificate: undefined }, complaint);
  };
  const serverFor = (address: Address, text: string): Server => {
    if (address.kind === 'unix') {
      return createServer((socket) => {
        receive(socket, text);
        come({ socket, address: text, certificate: undefined });
      });
    }
    if (tls === undefined) throw new Error('it needs plugins.tls: cert, key and ca');
    const made = createHandshakeServer({
      tls,
      timeoutMs: limits.admitTimeoutMs,
      onConnection: (socket) => receive(socket, text),
      onShaken: (socket, connection) => shaken(socket, connection, text),
      onFailure(reason, from = text) {
        if (mayLog()) log.warn({ address: from, reason }, 'A plugin that connected was not admitted.');
      },
    });
    secured.push(made);
    return made.server;
  };
  /** Rejects with an `Error`. */
  const listen = async (address: Address, text: string) => {
    const server = serverFor(address, text);
    servers.push(server);
    // Left by a daemon that was killed; the state directory is held, so there is no other one.
    if (address.kind === 'unix') clearSocket(address.path);
    await listenAt(server, address);
  };

  return {
    expect(instances) {
      const before = expected;
      const those = instances.filter(({ plugin }) => plugin === dialsIn);
      expected = new Map(those.map((instance) => [instance.id, instance]));
      for (const [connector, socket] of ready) {
        const [had, has] = [before.get(connector), expected.get(connector)];
        if (had?.token !== has?.token || had?.certificate !== has?.certificate) socket.destroy();
      }
      for (const { renew } of secured) {
        try {
          renew();
        } catch (error) {
          log.warn({ reason: (error as Error).message }, 'Plugins are shown the certificate that was there before.');
        }
      }
    },
    async open() {
      for (const text of addresses) {
        await listen(addressOf(text)!, text).catch(({ message }: Error) => {
          throw new Error(`Plugins cannot connect at ${text}: ${message}.`);
        });
      }
    },
    async next(connector, signal) {
      const there = ready.get(connector);
      ready.delete(connector);
      const { promise, resolve, reject } = Promise.withResolvers<Socket>();
      if (there && !there.destroyed) resolve(there);
      else waiting.set(connector, resolve);
      const giveUp = () => {
        if (waiting.get(connector) === resolve) waiting.delete(connector);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
      const socket = await promise.finally(() => signal.removeEventListener('abort', giveUp));
      inUse.set(connector, socket);
      socket.once('close', () => inUse.get(connector) === socket && inUse.delete(connector));
      return socket;
    },
    occupied: (socket, sign) => void signs.set(socket, sign),
    close() {
      for (const server of servers) server.close();
      for (const socket of [...strangers, ...ready.values()]) socket.destroy();
    },
  };
};
