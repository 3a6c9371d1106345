import { expect } from 'chai';
import type { Backend, BackendStatus } from '../../daemon/core/ports.ts';
import { createMetrics } from '../../daemon/metrics/metrics.ts';

/** The samples of a name: its labels and value as they are written. */
const samples = (text: string, name: string): string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

describe('Metrics', () => {
  it('counts calls by frontend, method and fault', async () => {
    const metrics = createMetrics();
    metrics.called('xmlrpc', 'vm.list', 1, undefined);
    metrics.called('xmlrpc', 'vm.list', 1, undefined);
    metrics.called('xmlrpc', 'vm.start', 1, 'conflict');
    metrics.called('soap', 'vm.list', 1, undefined);
    expect(samples(await metrics.text(), 'annelid_calls_total')).to.have.members([
      'annelid_calls_total{frontend="xmlrpc",method="vm.list",fault=""} 2',
      'annelid_calls_total{frontend="xmlrpc",method="vm.start",fault="conflict"} 1',
      'annelid_calls_total{frontend="soap",method="vm.list",fault=""} 1',
    ]);
  });

  it('gives the same sums each time that they are read', async () => {
    const metrics = createMetrics();
    metrics.called('xmlrpc', 'vm.list', 1, undefined);
    metrics.refused('xmlrpc', 'malformed');
    await metrics.text();
    const text = await metrics.text();
    expect(samples(text, 'annelid_calls_total')[0]).to.match(/ 1$/);
    expect(samples(text, 'annelid_refused_total')).to.deep.equal([
      'annelid_refused_total{frontend="xmlrpc",kind="malformed"} 1',
    ]);
  });

  it('sorts the times of calls into cumulative buckets', async () => {
    const metrics = createMetrics();
    for (const milliseconds of [0.1, 0.2, 40, 120_000]) metrics.called('soap', 'vm.list', milliseconds, undefined);
    const text = await metrics.text();
    const buckets = samples(text, 'annelid_call_seconds_bucket');
    expect(buckets).to.include('annelid_call_seconds_bucket{frontend="soap",le="0.0001"} 1');
    expect(buckets).to.include('annelid_call_seconds_bucket{frontend="soap",le="0.00025"} 2');
    expect(buckets).to.include('annelid_call_seconds_bucket{frontend="soap",le="0.025"} 2');
    expect(buckets).to.include('annelid_call_seconds_bucket{frontend="soap",le="0.05"} 3');
    expect(buckets).to.include('annelid_call_seconds_bucket{frontend="soap",le="60"} 3');
    expect(buckets).to.include('annelid_call_seconds_bucket{frontend="soap",le="+Inf"} 4');
    expect(samples(text, 'annelid_call_seconds_count')).to.deep.equal([
      'annelid_call_seconds_count{frontend="soap"} 4',
    ]);
    expect(Number(samples(text, 'annelid_call_seconds_sum')[0]?.split(' ')[1])).to.be.closeTo(120.0403, 1e-9);
    expect(text).to.include('# TYPE annelid_call_seconds histogram');
  });

  it('reads gauges when it is asked, and forgets states that nothing is in any more', async () => {
    const metrics = createMetrics();
    let states: BackendStatus['state'][] = ['ready', 'failing', 'failing'];
    const list = () => states.map((state) => ({ state, status: () => ({ state, restarts: 0 }) })) as Backend[];
    metrics.observe({ counts: () => ({ vms: 7, operations: 3 }), backends: { list } });
    expect(samples(await metrics.text(), 'annelid_connectors')).to.have.members([
      'annelid_connectors{state="ready"} 1',
      'annelid_connectors{state="failing"} 2',
    ]);
    states = ['ready', 'ready', 'ready'];
    const text = await metrics.text();
    expect(samples(text, 'annelid_connectors')).to.deep.equal(['annelid_connectors{state="ready"} 3']);
    expect(samples(text, 'annelid_vms')).to.deep.equal(['annelid_vms 7']);
    expect(samples(text, 'annelid_operations')).to.deep.equal(['annelid_operations 3']);
  });

  it('tells of the process itself: memory, processor time, file descriptors, and the delay of its event loop', async () => {
    const text = await createMetrics().text();
    const told = ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'process_open_fds'];
    for (const name of [...told, 'nodejs_eventloop_lag_p99_seconds', 'nodejs_heap_size_used_bytes']) {
      expect(samples(text, name), name).to.have.length(1);
    }
  });
});
