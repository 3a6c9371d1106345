/** Chromium without a screen, told what to do over its DevTools protocol: the few commands that tests of pages need. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

interface Answer {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

export interface Browser {
  /** Load a page, whose URL may have credentials. */
  open(url: string): Promise<void>;
  /** The window, in pixels; below 600 that of a telephone. */
  resize(width: number, height: number): Promise<void>;
  /** What an expression of JavaScript comes to in the page; a promise is awaited. */
  read<T>(expression: string): Promise<T>;
  /** Resolves once an expression is true in the page, which is looked at anew at each change of what it shows. */
  until(expression: string): Promise<void>;
  close(): Promise<void>;
}

/** Of a page: resolves at the first change after which the expression is true. */
const changedTo = (expression: string): string => `new Promise(resolve => {
  const look = () => { if (${expression}) { watch.disconnect(); resolve(true); } };
  const watch = new MutationObserver(look);
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  look();
})`;

export const startBrowser = async (): Promise<Browser> => {
  const profile = await mkdtemp(join(tmpdir(), 'annelid-chromium-'));
  const child = spawn(
    'chromium',
    ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0', `--user-data-dir=${profile}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'exit');
  const address = Promise.withResolvers<string>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    const [, found] = /^DevTools listening on (\S+)/.exec(line) ?? [];
    if (found !== undefined) address.resolve(found);
  });
  void ended.then(() => address.reject(new Error('Chromium ended.')));
  const socket = new WebSocket(await address.promise);
  await once(socket, 'open');

  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let last = 0;
  let sessionId: string | undefined;
  const tell = async (method: string, params: object = {}): Promise<Record<string, unknown>> => {
    const id = ++last;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    const { result, error } = await answered;
    waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result!;
  };
  const { targetId } = await tell('Target.createTarget', { url: 'about:blank' });
  ({ sessionId } = (await tell('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string });

  const read = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await tell('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: T }).value;
  };

  return {
    read,
    async resize(width, height) {
      await tell('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
    },
    async open(url) {
      const { errorText } = await tell('Page.navigate', { url });
      if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
      await read(
        `new Promise(resolve => document.readyState === 'complete' ? resolve() : addEventListener('load', resolve))`,
      );
    },
    async until(expression) {
      await read(changedTo(expression));
    },
    async close() {
      socket.close();
      child.kill('SIGKILL');
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
