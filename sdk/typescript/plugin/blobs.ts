/** Results that are too long for a line, until the host has read them, and parameters that come in parts. */
import { Fault } from '../../../plugin-protocol/faults.ts';

/** How long something is kept that nobody asks for. */
const keptMs = 60_000;
/** What is kept at once, and the longest parameters that are taken. */
const most = 64;
const longest = 64 * 1024 * 1024;

export const createBlobs = () => {
  const out = new Map<string, Buffer>();
  const into = new Map<string, { parts: Buffer[]; bytes: number }>();
  const timers = new Map<string, NodeJS.Timeout>();
  let last = 0;

  const forget = (id: string) => {
    clearTimeout(timers.get(id));
    timers.delete(id);
    out.delete(id);
    into.delete(id);
  };
  const keep = (id: string) => {
    clearTimeout(timers.get(id));
    timers.set(id, setTimeout(forget, keptMs, id).unref());
  };

  return {
    /** Keep JSON text for the host to read; undefined when too much is kept already. */
    put(text: string): { id: string; bytes: number } | undefined {
      if (out.size >= most) return undefined;
      last += 1;
      const id = `out-${last}`;
      const bytes = Buffer.from(text);
      out.set(id, bytes);
      keep(id);
      return { id, bytes: bytes.length };
    },
    read({ blob, offset, length }: { blob: string; offset: number; length: number }): { data: string; end: boolean } {
      const kept = out.get(blob);
      if (kept === undefined) throw new Fault('not-found', `There is no blob ${blob}.`, { resource: blob });
      const end = offset + length >= kept.length;
      const data = kept.toString('base64', offset, offset + length);
      if (end) forget(blob);
      else keep(blob);
      return { data, end };
    },
    write({ blob, offset, data }: { blob: string; offset: number; data: string }): object {
      const known = into.get(blob) ?? { parts: [], bytes: 0 };
      const part = Buffer.from(data, 'base64');
      if (offset !== known.bytes)
        throw new Fault('invalid-params', `${blob} goes on at ${known.bytes}.`, { field: '/offset' });
      if (known.bytes + part.length > longest || (known.bytes === 0 && into.size >= most)) {
        forget(blob);
        throw new Fault(
          'too-large',
          `Parameters of more than ${longest} bytes, or of more than ${most} calls, are not kept.`,
        );
      }
      known.parts.push(part);
      known.bytes += part.length;
      into.set(blob, known);
      keep(blob);
      return {};
    },
    /** The parameters that were written. */
    take({ id, bytes }: { id: string; bytes: number }): object {
      const known = into.get(id);
      forget(id);
      if (known?.bytes === bytes) return JSON.parse(Buffer.concat(known.parts).toString()) as object;
      throw new Fault('invalid-params', `The blob ${id} has ${known?.bytes ?? 0} of ${bytes} bytes.`, {
        field: '/ctx/blob',
      });
    },
  };
};
