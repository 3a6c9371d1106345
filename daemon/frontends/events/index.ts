/** The log of events as server-sent events: what `event.poll` tells, without asking again and again. */
import { Fault, faults } from '../../../plugin-protocol/faults.ts';
import type { Event } from '../../catalogue/resources.ts';
import type { HttpReply, HttpRequest } from '../../wire/route.ts';
import { faultSent, heartbeatMs, serverSent, streamBegins, streamHeaders } from '../event-stream.ts';
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

/** Where the client goes on, and what it wants, as parameters of `event.poll`. A browser that comes again says the first itself. */
const wishOf = ({ query, headers: { 'last-event-id': last } }: HttpRequest): { after?: string; types?: string[] } => {
  const asked = new URLSearchParams(query);
  const after = last || asked.get('after');
  const types = asked.get('types')?.split(',').filter(Boolean);
  return { ...(after ? { after } : {}), ...(types === undefined ? {} : { types }) };
};

const refusal = ({ kind, message, data: { retryAfterMs } }: Fault): HttpReply => ({
  status: faults[kind].code,
  headers: {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    ...(kind === 'unauthenticated' ? challenge : {}),
    ...(retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) }),
  },
  body: `${message}\n`,
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
      return { status: 200, headers: streamHeaders, body: (over) => stream(first, types, call, over) };
    } catch (error) {
      if (error instanceof Fault) return refusal(error);
      throw error;
    }
  };
};

export const events: Frontend = {
  name,
  routes: (context) => [{ path: '/events', GET: follow(context) }],
};
