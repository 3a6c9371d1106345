/** The log of events as server-sent events: what `event.poll` tells, without asking again and again. */
import { Fault, faults } from '../../../plugin-protocol/faults.ts';
import type { Event } from '../../catalogue/resources.ts';
import type { HttpReply, HttpRequest } from '../../wire/route.ts';
import { faultSent, heartbeatMs, serverSent, streamBegins, streamTo } from '../event-stream.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import { challenge, HttpCall } from '../http-call.ts';

const name = 'events';
/** Events that are written at once: a slow reader holds no more. */
const atOnce = 100;

interface EventPage {
  events: Event[];
  next: string;
  reset: boolean;
}

/** Where a browser goes on that comes again. */
const lastOf = ({ headers }: HttpRequest): string | undefined => headers['last-event-id'] || undefined;

/** Where the client goes on, and what it wants, as parameters of `event.poll`. */
const wishOf = (request: HttpRequest): { after?: string; types?: string[] } => {
  const asked = new URLSearchParams(request.query);
  const after = lastOf(request) ?? asked.get('after');
  const types = asked.get('types')?.split(',').filter(Boolean);
  return { ...(after ? { after } : {}), ...(types === undefined ? {} : { types }) };
};

const retryAfter = ({ data: { retryAfterMs } }: Fault) =>
  retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) };

/** In the words of who sent the header, and not a parameter. */
const messageOf = ({ message, data: { field } }: Fault, request: HttpRequest): string =>
  field === '/after' && lastOf(request) !== undefined
    ? 'The header Last-Event-ID is no id of an event here; without it the stream begins now.'
    : message;

const refusal = (fault: Fault, request: HttpRequest): HttpReply => ({
  status: faults[fault.kind].code,
  headers: {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    ...(fault.kind === 'unauthenticated' ? challenge : {}),
    ...retryAfter(fault),
  },
  body: `${messageOf(fault, request)}\n`,
});

/** The cursor comes last, also of events that were not wanted: who comes again does not have them looked through anew. */
const written = ({ events, next, reset }: EventPage): string =>
  [
    reset ? serverSent({ event: 'reset', data: '{}' }) : '',
    ...events.map((event) => serverSent({ id: event.cursor, data: JSON.stringify(event) })),
    serverSent({ id: next }),
  ].join('');

/** Every question goes through the pipeline, so that who may not read any more is told so at the next one. */
const follow = ({ api }: FrontendContext) => {
  const poll = (params: object, call: HttpCall): Promise<EventPage> =>
    api.call(api.methods.get('event.poll')!, { ...params, limit: atOnce }, call) as Promise<EventPage>;

  async function* stream(first: EventPage, types: object, call: HttpCall, over: AbortSignal) {
    yield streamBegins + written(first);
    try {
      for (let { next } = first; !over.aborted; ) {
        const page = await poll({ ...types, after: next, wait: heartbeatMs / 1000 }, call);
        yield written(page);
        next = page.next;
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      yield faultSent(error);
    }
  }

  return async (request: HttpRequest): Promise<HttpReply> => {
    const call = new HttpCall(name, request);
    const { after, ...types } = wishOf(request);
    try {
      const first = await poll({ ...types, ...(after === undefined ? {} : { after }) }, call);
      return await streamTo(api, call, (over) => stream(first, types, call, over));
    } catch (error) {
      if (error instanceof Fault) return refusal(error, request);
      throw error;
    }
  };
};

export const events: Frontend = {
  name,
  routes: (context) => [{ path: '/events', GET: follow(context) }],
};
