/** Replies without an end of their own, such as streams of events: written piece by piece, until the peer has had enough. */
import type { Socket } from 'node:net';

/**
 * Makes such a reply. The next piece is asked for once the one before has been taken, so that a slow reader holds no more
 * than that one. `over` is aborted when the peer has gone, or the server stops: then nothing more is to be waited for.
 */
export type Endless = (over: AbortSignal) => AsyncIterable<string>;

/** Resolves when the socket takes more, or it is over. */
const drained = (socket: Socket, over: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      over.removeEventListener('abort', done);
      resolve();
    };
    socket.on('drain', done);
    over.addEventListener('abort', done);
  });

/** Write it until it ends, or is over; `written` is called after each piece. Rejects with what making a piece throws. */
export const writeEndless = async (
  socket: Socket,
  pieces: Endless,
  over: AbortSignal,
  written: () => void,
): Promise<void> => {
  for await (const piece of pieces(over)) {
    if (over.aborted) return;
    const taken = socket.write(piece);
    written();
    if (!taken) await drained(socket, over);
    if (over.aborted) return;
  }
};
