/** What is too long for a line: parameters that are written in parts, and results that are read so. */
import { type Json, type Plugin, Refusal } from './cloud.ts';

export const addParts = (plugin: Plugin): void => {
  const written = new Map<unknown, Buffer>();
  plugin.calls.set('blob.write', ({ params }) => {
    const { blob, offset, data } = params as { blob: string; offset: number; data: string };
    const before = written.get(blob) ?? Buffer.alloc(0);
    if (offset !== before.length) throw new Refusal(400, 'invalid-params', 'A part is missing.', { field: '/offset' });
    written.set(blob, Buffer.concat([before, Buffer.from(data, 'base64')]));
    return {};
  });
  // What a console says is as if it were too long for a line.
  const kept = new Map<unknown, Buffer>();
  const console = plugin.calls.get('compute.consoleOutput')!;
  plugin.calls.set('compute.consoleOutput', (asked) => {
    const result = console(asked) as Json;
    const { accept } = asked.ctx as { accept?: string[] };
    if (!('data' in result) || !accept?.includes('blob')) return result;
    const text = Buffer.from(JSON.stringify(result));
    const id = `out-${asked.id}`;
    kept.set(id, text);
    return { blob: { id, bytes: text.length } };
  });
  plugin.calls.set('blob.read', ({ params }) => {
    const { blob, offset, length } = params as { blob: string; offset: number; length: number };
    const text = kept.get(blob);
    if (text === undefined) throw new Refusal(404, 'not-found', 'There is no such blob.');
    const end = offset + length >= text.length;
    if (end) kept.delete(blob);
    return { data: text.toString('base64', offset, offset + length), end };
  });
  const serve = plugin.serve.bind(plugin);
  plugin.serve = (asked) => {
    const { id } = (asked.ctx.blob ?? {}) as Json;
    if (id === undefined) return serve(asked);
    const text = written.get(id);
    written.delete(id);
    if (text === undefined) return plugin.fail(asked, new Refusal(404, 'not-found', 'There is no such blob.'));
    serve({ ...asked, params: JSON.parse(text.toString()) });
  };
};
