/** Plugins that connect over TLS, until hands are shaken. */
import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { readSecure, type SecureFiles, secureTrouble } from '../../../plugin-protocol/connection/secure.ts';
import { nameOf } from '../limit-name.ts';

/** What stands before the names of the files in the configuration. */
export const prefix = 'plugins.tls.';

export interface HandshakeOptions {
  tls: SecureFiles;
  /** Milliseconds. */
  timeoutMs: number;
  /** Told of every connection, before anything is heard. */
  onConnection: (socket: Socket) => void;
  /** Told of each whose hands are shaken, with what was connected. Whether its certificate is good is still to be seen. */
  onShaken: (socket: TLSSocket, connection: Socket | undefined) => void;
  /** `address` is undefined when it has gone already. */
  onFailure: (reason: string, address: string | undefined) => void;
}

export interface HandshakeServer {
  server: Server;
  /** Take up files that have changed; throws an `Error` that says why they cannot be used. */
  renew(): void;
}

/** Throws an `Error` that says why the files cannot be used. */
export const createHandshakeServer = (options: HandshakeOptions): HandshakeServer => {
  const { tls, timeoutMs, onConnection, onShaken, onFailure } = options;
  // Certificates are looked at once hands are shaken: one that is refused before is not told that the log says why.
  const asked = { requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' } as const;
  // A start without TLS does not wait for it to be loaded.
  const { createServer } = process.getBuiltinModule('node:tls');
  const server = createServer({ ...readSecure(tls, prefix), ...asked, handshakeTimeout: timeoutMs });
  const shaking = new Map<string, Socket>();
  const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    shaking.set(key, socket);
    socket.once('close', () => shaking.get(key) === socket && shaking.delete(key));
    onConnection(socket);
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    const key = keyOf(socket);
    onShaken(socket, shaking.get(key));
    shaking.delete(key);
  });
  const own: Record<string, string> = {
    ERR_TLS_HANDSHAKE_TIMEOUT: `it did not shake hands within ${timeoutMs} ms${nameOf('admitTimeoutMs')}`,
    ECONNRESET: 'the connection ended before they had shaken hands; the plugin says why on its standard error',
  };
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    onFailure(own[error.code ?? ''] ?? secureTrouble(error, prefix), socket.remoteAddress);
    // Node.js leaves it open when somebody listens for this.
    socket.destroy();
  });
  return { server, renew: () => server.setSecureContext({ ...readSecure(tls, prefix), minVersion: 'TLSv1.3' }) };
};
