/** What goes to a plugin that has a process for each call, read off the lines that would go to one that stays. */
import { errorLine, type Message, type RequestId, type RpcError, readLine, rpcCodes } from '../rpc/messages.ts';

/** Whole lines: text, or a long one in pieces. */
type Lines = string | readonly Buffer[];

export interface OneRequest {
  id: RequestId;
  method: string;
  line: Lines;
}

export interface Input {
  /** All that its process reads: the configuration, where there is one, and the request. */
  lines: readonly Lines[];
  /** Take a line of the process; what of it is for who made the request, if anything is. */
  read(line: string): string | undefined;
  /** Whether the line, in UTF-8, may be one to be read here: no other need be. */
  concerns(line: Buffer): boolean;
  /** It has refused its configuration: the request was answered with that, and nothing more is wanted of it. */
  readonly isRefused: boolean;
}

export interface Requests {
  /** Take lines to the plugin. Answers with what is asked in them, and what is not wanted any more. */
  read(lines: Lines): { asked: OneRequest[]; cancelled: RequestId[] };
  inputFor(request: OneRequest): Input;
}

/** As a host writes the beginning of a request. */
const beginning = /^\{"jsonrpc":"2\.0","id":(\d+),"method":"([^"\\]+)"/;
const longestBeginning = 512;

const isId = (id: unknown): id is RequestId => typeof id === 'number' || typeof id === 'string';
/** For the configuration, beside one request. */
const otherThan = (id: RequestId): number => (id === 1 ? 2 : 1);

export const createRequests = (): Requests => {
  /** The request with which it was configured; undefined also where it has no such call. */
  let configuration: OneRequest | undefined;

  const made = (id: RequestId, method: string, line: Lines): OneRequest => {
    const request = { id, method, line };
    if (method === 'configure') configuration = request;
    return request;
  };
  const readBeginning = (line: Lines): { id: number; method: string } | undefined => {
    const text = typeof line === 'string' ? line : line[0]!.toString('latin1', 0, longestBeginning);
    const [, id, method] = beginning.exec(text) ?? [];
    return method === undefined ? undefined : { id: Number(id), method };
  };

  /** The configuration once more, with another id. */
  const again = ({ line }: OneRequest, id: number): Lines => {
    const anew = (text: string) => text.replace(/("id":\s*)("[^"]*"|\d+)/, `$1${id}`);
    if (typeof line === 'string') return anew(line);
    const [first, ...others] = line;
    return [Buffer.from(anew(first!.toString())), ...others];
  };

  return {
    read(lines) {
      const asked: OneRequest[] = [];
      const cancelled: RequestId[] = [];
      const all = typeof lines === 'string' ? lines.split(/(?<=\n)/) : [lines];
      for (const line of all) {
        const known = readBeginning(line);
        if (known !== undefined) {
          asked.push(made(known.id, known.method, line));
          continue;
        }
        const { id, method, params }: Partial<Message> = (typeof line === 'string' && readLine(line).message) || {};
        if (typeof method === 'string' && isId(id)) asked.push(made(id, method, line));
        // Anything else is for nobody: an answer comes too late, since what asked has read to the end of its input.
        else if (method === '$/cancel') cancelled.push((params as { id: RequestId }).id);
      }
      return { asked, cancelled };
    },
    inputFor(request) {
      const { id, method, line } = request;
      const configures = method === 'configure';
      const given = configures || method === 'describe' ? undefined : configuration;
      let awaited: RequestId | undefined = configures ? id : given && otherThan(id);
      let isRefused = false;
      return {
        lines: given === undefined ? [line] : [again(given, otherThan(id)), line],
        concerns: (line) => awaited !== undefined && line.includes(String(awaited)),
        get isRefused() {
          return isRefused;
        },
        read(line) {
          if (awaited === undefined || !line.includes(String(awaited))) return line;
          const { message, noise } = readLine(line);
          if (message?.id !== awaited || message.method !== undefined) return line;
          awaited = undefined;
          const error = message.error as RpcError | null | undefined;
          const lacks = error?.code === rpcCodes.methodNotFound;
          if (configures) {
            if (lacks) configuration = undefined;
            return line;
          }
          if (!error || lacks) return noise;
          isRefused = true;
          return errorLine(id, error);
        },
      };
    },
  };
};
