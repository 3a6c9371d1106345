/** One program that uses one library, under way: it is given calls, one after the other, and tells what it saw. */
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { lowerCamel, type Method, paramsOf } from '../../daemon/catalogue/method.ts';
import type { Shape } from '../../plugin-protocol/shape.ts';
import { type Natives, readerFor, type Told, told } from './notation.ts';

/** How a SOAP client writes: `none` is rpc/encoded without a WSDL. */
export type SoapMode = 'document' | 'encoded' | 'rpc' | 'none';

export interface PlannedCall {
  method: Method;
  params: Record<string, unknown>;
}

export interface ClientRow {
  /** As the documentation calls it. */
  name: string;
  wire: 'xmlrpc' | 'soap';
  /** The interpreter, and the program below this folder. */
  run: readonly string[];
  /** Makes what is run, from the WSDL and the calls that will come in this order: code of generators. */
  build?: (wsdl: string, calls: readonly PlannedCall[]) => Promise<readonly string[]>;
  /** What the library makes of values, where it is not the usual. */
  natives?: Natives;
  /** For SOAP; document and 1.1 when left out. */
  mode?: SoapMode;
  soap?: '1.2';
  /** What of a fault the library does not show. */
  hides?: readonly (keyof SeenFault)[];
  /**
   * What stands for parameters that are left out. `nil`: over XML-RPC, nil by position; otherwise a call that leaves one
   * out before the last names all that it gives. `default`: that of the catalogue, where the language cannot leave one out.
   */
  unset?: 'nil' | 'default';
  /** Whether text comes without the white space around it. */
  trims?: true;
  /** For SOAP: whether its times have no milliseconds, as XML-RPC's have none. */
  seconds?: true;
  /** For XML-RPC: whether its times have milliseconds, in a dialect. */
  milliseconds?: true;
}

export interface Scenario {
  url: string;
  user: string;
  password: string;
}

/** A fault as the library showed it. Over XML-RPC there is no kind. */
export interface SeenFault {
  code: string;
  message: string;
  kind?: string;
}
export type Answer<R = unknown> = { result: R } | { fault: SeenFault } | { failed: string };

const queries: Record<SoapMode, string | undefined> = {
  document: 'wsdl',
  encoded: 'wsdl&style=rpc',
  rpc: 'wsdl&style=rpc&use=literal',
  none: undefined,
};

/** The address of the WSDL that a client reads; undefined when it reads none. */
export const wsdlOf = ({ mode = 'document', soap }: ClientRow, url: string): string | undefined =>
  queries[mode] && `${url}/soap?${queries[mode]}${soap ? `&soap=${soap}` : ''}`;

const scenarioFor = (row: ClientRow, { url, user, password }: Scenario): object =>
  row.wire === 'xmlrpc'
    ? { endpoint: `${url}/RPC2`, user, password }
    : {
        ...{ endpoint: `${url}/soap`, user, password },
        ...{ wsdl: wsdlOf(row, url), mode: row.mode ?? 'document', soap: row.soap ?? '1.1' },
      };

/** The call in the words of a wire: XML-RPC by position or as one struct, SOAP by name with nil for what is left out. */
const wordsFor = ({ wire, unset }: ClientRow, method: Method, params: Record<string, unknown>): object => {
  const nil: Told = ['nil', ''];
  const all = paramsOf(method).map(([name, shape]): [string, Told | undefined] => [
    name,
    params[name] === undefined ? undefined : told(shape)(params[name] as never),
  ]);
  if (wire === 'soap')
    return { method: lowerCamel(method.name), args: all.map(([name, value]) => [name, value ?? nil]) };
  const given = all.slice(0, all.findLastIndex(([, value]) => value !== undefined) + 1);
  const named = unset !== 'nil' && given.some(([, value]) => value === undefined);
  const args = named ? [told(method.params)(params as never)] : given.map(([, value]) => value ?? nil);
  return { method: method.name, args };
};

const startProgram = ([program, ...args]: readonly string[], scenario: object) =>
  execa(program!, [...args, JSON.stringify(scenario)], { cwd: import.meta.dirname, buffer: false, reject: false });

export class Client {
  readonly row: ClientRow;
  readonly #program: ReturnType<typeof startProgram>;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: ReturnType<typeof readerFor>;
  #errors = '';
  #version = '';

  constructor(row: ClientRow, scenario: Scenario, run: readonly string[] = row.run) {
    this.row = row;
    this.#program = startProgram(run, scenarioFor(row, scenario));
    this.#program.stderr.on('data', (piece: Buffer) => {
      this.#errors += piece;
    });
    this.#lines = createInterface({ input: this.#program.stdout })[Symbol.asyncIterator]();
    this.#reader = readerFor(row.natives ?? {});
  }

  /** That of the library. */
  get version(): string {
    return this.#version;
  }

  /** Resolves once the library is loaded and has read what it reads. */
  async start(): Promise<this> {
    this.#version = ((await this.#next()) as { version: string }).version;
    return this;
  }

  async #next(): Promise<unknown> {
    const { done, value } = await this.#lines.next();
    if (!done) return JSON.parse(value);
    const { exitCode } = await this.#program;
    throw new Error(`${this.row.name} ended (${exitCode}): ${this.#errors}`);
  }

  /** What the library showed of a call, in the words of the catalogue. */
  async call(method: Method, params: Record<string, unknown>): Promise<Answer> {
    const answer = await this.exchange(wordsFor(this.row, method, params));
    if (!('result' in answer)) return answer;
    try {
      return { result: this.read(method.result, answer.result) };
    } catch (error) {
      return { failed: (error as Error).message };
    }
  }

  /** What the library showed of a call in the words of its wire. */
  async exchange(words: object): Promise<Answer<Told>> {
    this.#program.stdin.write(`${JSON.stringify(words)}\n`);
    return (await this.#next()) as Answer<Told>;
  }

  /** What the library showed of a value of a shape. Throws a sentence when it is none. */
  read(shape: Shape, shown: Told): unknown {
    return this.#reader(shape)(shown);
  }

  /** Ends it; resolves with what it complained of. */
  async end(): Promise<string> {
    this.#program.stdin.end();
    const { exitCode } = await this.#program;
    return exitCode === 0 ? this.#errors : `${exitCode}: ${this.#errors}`;
  }

  kill(): void {
    this.#program.kill('SIGKILL');
  }
}
