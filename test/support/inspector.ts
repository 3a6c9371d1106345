/** What a daemon that was started with `--inspect=127.0.0.1:0` holds, asked of Node's inspector in it. */
import { once } from 'node:events';
import type { TestDaemon } from './daemon.ts';

export class Inspector {
  readonly #socket: WebSocket;
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** To be opened soon after the start: the address is in what a daemon's log still has. */
  static async of({ log }: TestDaemon): Promise<Inspector> {
    const said = log.join('\n').match(/^Debugger listening on (ws:\S+)$/m);
    const socket = new WebSocket(said![1]!);
    await once(socket, 'open');
    return new Inspector(socket);
  }

  async #ask(method: string, params = {}): Promise<unknown> {
    const id = ++this.#asked;
    this.#socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [{ data }] = (await once(this.#socket, 'message')) as [{ data: string }];
      const reply = JSON.parse(data) as { id?: number; result?: unknown };
      if (reply.id === id) return reply.result;
    }
  }

  /** Collects what nobody refers to any more, and answers what is left, in bytes. */
  async memory(): Promise<NodeJS.MemoryUsage> {
    await this.#ask('HeapProfiler.collectGarbage');
    const answer = await this.#ask('Runtime.evaluate', { expression: 'process.memoryUsage()', returnByValue: true });
    return (answer as { result: { value: NodeJS.MemoryUsage } }).result.value;
  }

  close(): void {
    this.#socket.close();
  }
}
