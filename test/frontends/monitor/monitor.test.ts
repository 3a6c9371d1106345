import { expect } from 'chai';
import { monitor } from '../../../daemon/frontends/monitor/index.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const started = (health?: () => unknown) => {
  const api = fakeApi();
  if (health) api.does.set('system.health', health);
  return { api, routes: monitor.routes(fakeContext(api)) };
};

describe('Monitoring', () => {
  it('answers /healthz with ok, without credentials', async () => {
    const { api, routes } = started();
    expect(await request(routes, 'GET', '/healthz')).to.deep.include({ status: 200, body: 'ok\n' });
    expect(api.calls[0]?.request).to.deep.include({ frontend: 'monitor', credentials: { kind: 'none' } });
  });

  it('stays up while a connector is away, and says so', async () => {
    const { routes } = started(() => ({ status: 'degraded', message: '1 of 2 connectors cannot be used.' }));
    expect(await request(routes, 'GET', '/healthz')).to.deep.include({
      status: 200,
      body: 'degraded: 1 of 2 connectors cannot be used.\n',
    });
  });

  it('answers 503 with the message while the daemon is failing', async () => {
    const { routes } = started(() => ({ status: 'failing', message: 'The store cannot be written.' }));
    expect(await request(routes, 'GET', '/healthz')).to.deep.include({
      status: 503,
      body: 'The store cannot be written.\n',
    });
  });

  it('answers 503 when its health cannot be read, and keeps the cause of what is no fault', async () => {
    const throttled = started(() => {
      throw new Fault('throttled', 'Too many calls.');
    });
    expect(await request(throttled.routes, 'GET', '/healthz')).to.deep.include({
      status: 503,
      body: 'Too many calls.\n',
    });
    const broken = started(() => {
      throw new Error('a secret');
    });
    expect(await request(broken.routes, 'GET', '/healthz')).to.deep.include({ status: 503, body: 'Internal error.\n' });
  });

  it('answers /metrics in the text format of Prometheus', async () => {
    const { routes } = started();
    const reply = await request(routes, 'GET', '/metrics');
    expect(reply.headers['Content-Type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(reply.body).to.equal('# metrics\n');
  });
});
