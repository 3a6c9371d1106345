/** Results and parameters that are too long for a line: read from a plugin, and written to it, in parts. */
import { type BlobHandle, type BlobPart, baseResults, type Context } from '../../../plugin-protocol/contract/base.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { joinParts, partOf, partsFrom } from '../../../plugin-protocol/rpc/blobs.ts';
import { readLongJson } from '../../../plugin-protocol/rpc/long-json.ts';
import { jsonBytes } from '../../../plugin-protocol/rpc/long-values.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';
import type { Limits } from '../../limits.ts';
import { nameOf } from '../limit-name.ts';
import { checkFor } from '../link/checks.ts';
import type { Link } from '../link/link.ts';
import type { Request } from '../link/outgoing-call.ts';
import { randomId } from '../link/random-id.ts';

export interface BlobContext {
  connector: string;
  limits: Limits['plugins'];
  over: Link;
  /** The call that it is for. */
  request: Request;
  /** The context of a call that may take so many milliseconds. */
  contextOf: (timeoutMs: number) => Context;
  /** The milliseconds that are left for the call. */
  left: () => number;
}

/** A value, and which of its lists and objects are long. */
export interface LongValue {
  value: unknown;
  long: ReadonlySet<unknown>;
}

const ask = ({ over, request, contextOf, left }: BlobContext, method: 'blob.read' | 'blob.write', params: object) => {
  const { instance, limit, signal, tap, urgent } = request;
  const timeoutMs = left();
  return over.request({
    ...{
      method,
      instance,
      limit,
      signal,
      tap,
      urgent,
      timeoutMs,
      mutates: false,
      check: checkFor(baseResults[method]),
    },
    params: { ...params, ctx: contextOf(timeoutMs) },
  } as Request);
};

/** The value whose JSON text a blob is. Throws a `Fault` when it is not to be had, or is none. */
export const readBlob = async (handle: BlobHandle, context: BlobContext): Promise<LongValue> => {
  const { connector, limits, over, request } = context;
  const { bytes } = handle;
  const wrong = (why: string) => new Fault('internal', `${connector} answered ${request.method} with a blob ${why}.`);
  if (bytes > limits.blobBytes) {
    throw wrong(`of ${bytes} bytes; at most ${limits.blobBytes} are taken${nameOf('blobBytes')}`);
  }
  const text = await joinParts(handle, {
    most: () => partOf(over.maxLineFromPlugin()),
    read: (params) => ask(context, 'blob.read', params) as Promise<BlobPart>,
    wrong: () => wrong(`whose parts do not make ${bytes} bytes`),
  });
  try {
    const long = new Set<unknown>();
    return { value: await inSlices(readLongJson(text, long)), long };
  } catch {
    throw wrong('that is no JSON text');
  }
};

/** Write parameters to the plugin; undefined when it takes none so. */
export const writeBlob = async (context: BlobContext): Promise<BlobHandle | undefined> => {
  const { limits, over, request } = context;
  const pieces = await inSlices(jsonBytes(request.params, limits.blobBytes));
  if (pieces === undefined) {
    const most = `more than ${limits.blobBytes} bytes${nameOf('blobBytes')}`;
    throw new Fault('too-large', `The parameters of ${request.method} make ${most}.`);
  }
  const id = String(randomId());
  let offset = 0;
  for (const part of partsFrom(pieces, partOf(over.maxLineToPlugin()))) {
    try {
      await ask(context, 'blob.write', { blob: id, offset, data: part.toString('base64') });
      offset += part.length;
    } catch (error) {
      if (error instanceof Fault && error.kind === 'unsupported') return undefined;
      throw error;
    }
  }
  return { id, bytes: offset };
};
