/** A bridge in this process, before a server that says what the test wants. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PublishedInterface } from '../../plugin-protocol/contract/published.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { hostFor } from '../../sdk/typescript/plugin/host.ts';
import type { CallContext, CallsFactory, Instance, PublishedTable } from '../../sdk/typescript/plugin/index.ts';

export interface Bridged {
  described: PublishedInterface;
  /** What the bridge wrote to the log. */
  log: string[];
  call(name: string, params?: object, context?: Partial<CallContext>): Promise<unknown>;
  /** What the fault says that the call ends with. */
  fault(name: string, params?: object, context?: Partial<CallContext>): Promise<Fault>;
}

/** Configures an instance called `old`. */
export const bridged = async (factory: CallsFactory, config: object): Promise<Bridged> => {
  const log: string[] = [];
  const note = (message: string) => log.push(message);
  const tables: PublishedTable[] = [];
  const instance: Instance = {
    id: 'old',
    log: { debug: note, info: note, warn: note, error: note },
    signal: new AbortController().signal,
    event: () => undefined,
    host: hostFor(() => Promise.reject(new Error('Nobody answers.'))),
    publish: (table) => tables.push(table),
  };
  await factory(config as Record<string, unknown>, instance);
  const { described, calls } = tables[0]!;
  const call: Bridged['call'] = async (name, params = {}, context = {}) =>
    calls.get(`${described.service}.${name}`)!(params, { instance: 'old', ...context } as CallContext);
  return {
    described,
    log,
    call,
    async fault(...of) {
      const said = await call(...of).then(
        (value) => value,
        (error: unknown) => error,
      );
      if (said instanceof Fault) return said;
      throw new Error(`There is no fault, but ${JSON.stringify(said)}.`);
    },
  };
};

/** The fault that a configuration is refused with. */
export const refusal = async (factory: CallsFactory, config: object): Promise<Fault> => {
  try {
    await bridged(factory, config);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('The configuration was taken.');
};

type Answer = (body: string, response: ServerResponse, request: IncomingMessage) => void;

export interface Scripted {
  url: string;
  /** What was asked, the latest last. */
  requests: { path: string; headers: IncomingMessage['headers']; body: string }[];
  /** How it answers from now on. */
  answer: Answer;
}

/** Call it within `describe`: a server whose answers each test chooses. */
export const scriptedServer = (): Scripted => {
  const scripted: Scripted = { url: '', requests: [], answer: (_body, response) => response.end() };
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      scripted.requests.push({ path: request.url!, headers: request.headers, body });
      scripted.answer(body, response, request);
    });
  });
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    scripted.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    scripted.requests.length = 0;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return scripted;
};
