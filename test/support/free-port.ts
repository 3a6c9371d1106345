/** Ports for servers that must be told theirs. */
import { createServer } from 'node:net';

/**
 * Of these no system takes one for an outgoing connection by itself (Linux: from 32768, others: from 49152), so that one that
 * was free is still free when the server that is told it starts.
 */
const [lowest, highest] = [10_000, 32_767];

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** A port of this machine's own address that nobody listens on at the moment. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    if (await isFree(port)) return port;
  }
};
