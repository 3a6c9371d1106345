/**
 * A plugin without a kit that keeps every clause: a cloud in a file, with events, cursors, tasks, progress and a service of its own.
 * Faults are planted by replacing what is in the object that it is made of.
 */
import { readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';

export type Json = Record<string, unknown>;

export interface Vm extends Json {
  id: string;
  state: string;
}

interface Kept {
  vms: Record<string, Vm>;
  events: Json[];
  tasks: Record<string, Json>;
  /** The task that was answered for a key. */
  taskOf: Record<string, string>;
}

interface Instance {
  file: string;
  kept: Kept;
}

/** A call that is under way. */
export interface Asked {
  id: number;
  method: string;
  params: Json;
  ctx: Json;
  cancelled: boolean;
}

export class Refusal extends Error {
  readonly code: number;
  readonly data: Json;

  constructor(code: number, kind: string, message: string, data: Json = {}) {
    super(message);
    this.code = code;
    this.data = { kind, outcome: 'none', ...data };
  }
}

const lamp = {
  service: 'lamp',
  methods: [
    {
      name: 'on',
      changes: false,
      params: { type: 'object', properties: { room: { type: 'string', maxLength: 20 } }, required: ['room'] },
      result: { type: 'boolean' },
      example: { params: { room: 'hall' }, result: true },
    },
  ],
};

export class Plugin {
  readonly instances = new Map<string, Instance>();
  readonly running = new Map<number, Asked>();
  /** What the host was asked and has not answered. */
  readonly asking = new Map<number, (answer: Json) => void>();
  description: Json = {
    proto: [1],
    name: 'planted',
    version: '1.0',
    concurrency: 8,
    // It reads its file in `configure`, and writes all of it.
    processes: 1,
    methods: ['list', 'get', 'create', 'start', 'reboot', 'powerOff', 'delete', 'consoleOutput'].map(
      (name) => `compute.${name}`,
    ),
    features: ['events', 'progress', 'cancel', 'instances', 'cursors'],
    idempotency: 'key',
    publishes: [lamp],
  };

  write(text: string) {
    for (let bytes = Buffer.from(text); bytes.length > 0; ) bytes = bytes.subarray(writeSync(1, bytes));
  }
  say(message: Json) {
    this.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }
  answer(id: number, body: Json) {
    this.running.delete(id);
    this.say({ id, ...body });
  }
  notify(method: string, params: Json) {
    this.say({ method, params });
  }
  log({ ctx }: Asked, message: string, more: Json = {}) {
    if (ctx.logLevel === 'info' || ctx.logLevel === 'debug') this.notify('$/log', { level: 'info', message, ...more });
  }

  /** Ask the host for something while a call is under way. */
  async ask({ id: call }: Asked, method: string, params: Json): Promise<Json> {
    const id = ++this.asked;
    const answered = new Promise<Json>((resolve) => this.asking.set(id, resolve));
    this.say({ id, method, params: { call, ...params } });
    const { result, error } = await answered;
    if (error) throw new Refusal(503, 'unavailable', String((error as Json).message));
    return result as Json;
  }
  asked = 0;

  keep({ file, kept }: Instance) {
    writeFileSync(`${file}.new`, JSON.stringify(kept));
    renameSync(`${file}.new`, file);
  }
  /** Written first, told afterwards. */
  event({ ctx }: Asked, event: Json) {
    const instance = this.instanceOf(ctx);
    const cursor = `c${instance.kept.events.length + 1}`;
    instance.kept.events.push({ ...event, cursor });
    this.keep(instance);
    this.notify('$/event', { instance: ctx.instance, ...event, cursor });
  }
  changed(asked: Asked, vm: Vm) {
    this.event(asked, { type: 'vm.changed', vm });
    return vm;
  }
  instanceOf(ctx: Json): Instance {
    const instance = this.instances.get(String(ctx.instance));
    if (instance === undefined) throw new Refusal(500, 'internal', 'The instance was not configured.');
    return instance;
  }
  vmOf({ params, ctx }: Asked): Vm {
    const { vms } = this.instanceOf(ctx).kept;
    const vm = String(params.vm);
    if (!Object.hasOwn(vms, vm)) throw new Refusal(404, 'not-found', `There is no machine ${JSON.stringify(vm)}.`);
    return vms[vm]!;
  }
  madeFor({ ctx }: Asked): Vm | undefined {
    return Object.values(this.instanceOf(ctx).kept.vms).find(({ key }) => key === ctx.key);
  }
  become(asked: Asked, state: string) {
    const vm = this.vmOf(asked);
    vm.state = state;
    return this.changed(asked, vm);
  }
  progress(asked: Asked, percent: number) {
    this.notify('$/progress', { id: asked.id, percent });
  }
  /** A moment, with progress; rejects when it is cancelled. */
  async pass(asked: Asked) {
    for (const percent of [25, 50, 75]) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      if (asked.cancelled) throw new Refusal(499, 'cancelled', 'It was cancelled.');
      if (this.running.has(asked.id)) this.progress(asked, percent);
    }
  }
  async reboot(asked: Asked) {
    this.vmOf(asked);
    await this.pass(asked);
    return this.become(asked, 'running');
  }
  /** Answered at once, and written before that. */
  begin(asked: Asked) {
    this.vmOf(asked);
    const instance = this.instanceOf(asked.ctx);
    const { tasks, taskOf } = instance.kept;
    const key = String(asked.ctx.key);
    taskOf[key] ??= `t${Object.keys(tasks).length + 1}`;
    const task = taskOf[key];
    tasks[task] ??= { state: 'running' };
    this.keep(instance);
    setTimeout(() => {
      if (tasks[task]?.state !== 'running') return;
      tasks[task] = { state: 'done', result: this.become(asked, 'running') };
      this.keep(instance);
    }, 60);
    return { task: { id: task, pollMs: 10 } };
  }
  taskOf({ params, ctx }: Asked): Json {
    const { tasks } = this.instanceOf(ctx).kept;
    const task = tasks[String(params.task)];
    if (task === undefined) throw new Refusal(404, 'not-found', 'There is no such task.');
    return task;
  }
  pull({ params, ctx }: Asked): Json {
    const { events } = this.instanceOf(ctx).kept;
    const end = `c${events.length}`;
    const { since, max } = params as { since?: string; max: number };
    const from = Number(/^c([0-9]+)$/.exec(since ?? end)?.[1] ?? Number.NaN);
    if (!(from <= events.length)) return { events: [], next: end, reset: true };
    const page = events.slice(from, from + max);
    return { events: page, next: `c${from + page.length}` };
  }

  configure({ params, ctx }: Asked): Json {
    const { file, password } = (params.config ?? {}) as Json;
    if (typeof file !== 'string')
      throw new Refusal(400, 'invalid-params', 'file must be a path.', { field: '/config/file' });
    if (typeof password !== 'string') {
      throw new Refusal(400, 'invalid-params', 'password must be a text.', { field: '/config/password' });
    }
    let kept: Kept = { vms: {}, events: [], tasks: {}, taskOf: {} };
    try {
      kept = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      // It is the first time.
    }
    // What was under way when the process ended is over.
    for (const task of Object.values(kept.tasks)) if (task.state === 'running') task.state = 'cancelled';
    this.instances.set(String(ctx.instance), { file, kept });
    return {};
  }

  readonly calls = new Map<string, (asked: Asked) => unknown>([
    ['describe', () => this.description],
    ['echo', ({ params }) => params],
    ['configure', (asked) => this.configure(asked)],
    [
      'probe',
      ({ ctx: { accept, given } }) =>
        (accept as string[] | undefined)?.includes('need') && given === undefined
          ? { need: { state: ['probed'] } }
          : {},
    ],
    ['drain', () => ({})],
    ['find', (asked) => (this.madeFor(asked) ? { outcome: 'done', vm: this.madeFor(asked) } : { outcome: 'none' })],
    ['events.pull', (asked) => this.pull(asked)],
    ['task.get', (asked) => this.taskOf(asked)],
    [
      'task.cancel',
      (asked) => {
        const task = this.taskOf(asked);
        if (task.state === 'running') task.state = 'cancelled';
        return {};
      },
    ],
    ['compute.list', ({ ctx }) => ({ items: Object.values(this.instanceOf(ctx).kept.vms) })],
    ['compute.get', (asked) => this.vmOf(asked)],
    [
      'compute.create',
      (asked) => {
        const made = this.madeFor(asked);
        if (made) return made;
        const { id, name, vcpus, memoryMiB, labels } = asked.params;
        this.log(asked, 'Making a machine.', { id: asked.id, instance: asked.ctx.instance });
        const vm = { id: String(id), name, vcpus, memoryMiB, labels, state: 'stopped', key: asked.ctx.key };
        this.instanceOf(asked.ctx).kept.vms[vm.id] = vm;
        return this.changed(asked, vm);
      },
    ],
    [
      'compute.start',
      async (asked) => {
        await this.ask(asked, 'host.secret.get', { name: 'token' });
        return this.become(asked, asked.params.paused ? 'paused' : 'running');
      },
    ],
    ['compute.powerOff', (asked) => this.become(asked, 'stopped')],
    [
      'compute.reboot',
      (asked) =>
        (asked.ctx.accept as string[] | undefined)?.includes('task') ? this.begin(asked) : this.reboot(asked),
    ],
    [
      'compute.delete',
      (asked) => {
        const { vms } = this.instanceOf(asked.ctx).kept;
        const id = String(asked.params.vm);
        if (Object.hasOwn(vms, id)) {
          delete vms[id];
          this.event(asked, { type: 'vm.deleted', id });
        }
        return {};
      },
    ],
    [
      'compute.consoleOutput',
      (asked) => {
        this.vmOf(asked);
        const { accept, given } = asked.ctx as { accept?: string[]; given?: Json };
        if (accept?.includes('need') && given === undefined) return { need: { state: ['console'] } };
        return { data: '', start: '0', end: '0' };
      },
    ],
    ['lamp.on', () => true],
  ]);

  fail(asked: Asked, error: unknown) {
    if (error instanceof Refusal) {
      const { code, message, data } = error;
      return this.answer(asked.id, { error: { code, message, data } });
    }
    this.answer(asked.id, { error: { code: 500, message: `${asked.method} failed.`, data: { kind: 'internal' } } });
  }
  serve(asked: Asked): unknown {
    const call = this.calls.get(asked.method);
    if (call === undefined)
      return this.answer(asked.id, { error: { code: -32601, message: 'There is no such method.' } });
    this.running.set(asked.id, asked);
    return this.carryOut(asked, call);
  }
  async carryOut(asked: Asked, call: (asked: Asked) => unknown) {
    try {
      const result = call(asked);
      this.answer(asked.id, { result: result instanceof Promise ? await result : result });
    } catch (error) {
      this.fail(asked, error);
    }
  }
  hear(method: string, params: Json) {
    const call = method === '$/cancel' ? this.running.get(Number(params.id)) : undefined;
    if (call) call.cancelled = true;
  }
  /** A line that is JSON. */
  take(message: Json) {
    const { id, method, params } = message as { id?: number; method?: string; params?: Json };
    if (typeof id === 'number' && method === undefined) return this.asking.get(id)?.(message);
    if (message.jsonrpc !== '2.0' || typeof method !== 'string') return;
    if (typeof id !== 'number') return this.hear(method, params ?? {});
    const { ctx = {}, ...rest } = (params ?? {}) as Json & { ctx?: Json };
    this.serve({ id, method, params: method === 'echo' ? (params ?? {}) : rest, ctx, cancelled: false });
  }
  readLine(line: string) {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return;
    }
    if (typeof message === 'object' && message !== null) this.take(message as Json);
  }
  rest: Buffer = Buffer.alloc(0);
  read(chunk: Buffer) {
    let { rest } = this;
    rest = Buffer.concat([rest, chunk]);
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      const line = rest.toString('utf8', 0, at);
      rest = rest.subarray(at + 1);
      this.readLine(line);
    }
    this.rest = rest;
  }
  end() {
    process.exit(0);
  }
}

export const run = (plugin: Plugin): void => {
  process.stdin.on('data', (chunk) => plugin.read(chunk));
  process.stdin.on('end', () => plugin.end());
};
