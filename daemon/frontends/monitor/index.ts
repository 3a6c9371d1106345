/** What watches the daemon: `/healthz` for load balancers, `/metrics` for Prometheus. Neither needs credentials. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { noCredentials } from '../../core/api.ts';
import type { HttpReply, HttpRequest } from '../../wire/route.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';

const name = 'monitor';
const noStore = { 'Cache-Control': 'no-store' };
const text = (status: number, message: string): HttpReply => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', ...noStore },
  body: `${message}\n`,
});

/** A connector that is away leaves the daemon usable: only `failing` takes it out of a load balancer. */
const health =
  ({ api, log }: FrontendContext) =>
  async ({ remote }: HttpRequest): Promise<HttpReply> => {
    const method = api.methods.get('system.health');
    if (method === undefined) return text(503, 'There is no method system.health.');
    try {
      const found = await api.call(method, {}, { frontend: name, credentials: noCredentials, remote });
      const { status, message } = found as { status: string; message: string };
      if (status === 'failing') return text(503, message);
      return text(200, status === 'ok' ? status : `${status}: ${message}`);
    } catch (error) {
      if (error instanceof Fault) return text(503, error.message);
      log.error({ err: error }, 'The health of the daemon could not be read.');
      return text(503, 'Internal error.');
    }
  };

export const monitor: Frontend = {
  name,
  routes: (context) => [
    { path: '/healthz', GET: health(context) },
    {
      path: '/metrics',
      GET: async () => ({
        status: 200,
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', ...noStore },
        body: await context.metrics(),
      }),
    },
  ],
};
