/** Results that are too long for a line, until the host has read them, and parameters that come in parts. */
import { Fault } from '../../../plugin-protocol/faults.ts';

/** How long something is kept that nobody asks for. */
const keptMs = 60_000;

/** Bytes by their names. */
const createShelf = () => {
  const kept = new Map<string, { bytes: Buffer; timer: NodeJS.Timeout }>();
  const take = (id: string): Buffer | undefined => {
    const found = kept.get(id);
    clearTimeout(found?.timer);
    kept.delete(id);
    return found?.bytes;
  };
  return {
    take,
    keep: (id: string, bytes: Buffer) => void kept.set(id, { bytes, timer: setTimeout(take, keptMs, id).unref() }),
  };
};

export const createBlobs = () => {
  const [out, into] = [createShelf(), createShelf()];
  let last = 0;
  return {
    /** Keep JSON text for the host to read. */
    put(text: string): { id: string; bytes: number } {
      last += 1;
      const id = `out-${last}`;
      const bytes = Buffer.from(text);
      out.keep(id, bytes);
      return { id, bytes: bytes.length };
    },
    read({ blob, offset, length }: { blob: string; offset: number; length: number }): { data: string; end: boolean } {
      const bytes = out.take(blob);
      if (bytes === undefined) throw new Fault('not-found', `There is no blob ${blob}.`, { resource: blob });
      const end = offset + length >= bytes.length;
      if (!end) out.keep(blob, bytes);
      return { data: bytes.toString('base64', offset, offset + length), end };
    },
    /** Parts come in order. */
    write({ blob, data }: { blob: string; data: string }): object {
      into.keep(blob, Buffer.concat([into.take(blob) ?? Buffer.alloc(0), Buffer.from(data, 'base64')]));
      return {};
    },
    /** The parameters that were written. */
    take({ id, bytes }: { id: string; bytes: number }): object {
      const written = into.take(id);
      if (written?.length === bytes) return JSON.parse(written.toString()) as object;
      throw new Fault('invalid-params', `The blob ${id} has ${written?.length ?? 0} of ${bytes} bytes.`, {
        field: '/ctx/blob',
      });
    },
  };
};
