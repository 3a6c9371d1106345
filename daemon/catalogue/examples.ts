/** Values that the examples of several methods share. */
export const id = {
  vm: '0198f3a2-7c1e-7d2b-9a51-3f6f0c1d2e3f',
  operation: '0198f3a2-8d40-7b61-8c0e-5a7b9c1d3e5f',
  image: '0198f3a1-0001-7000-8000-000000000001',
  host: '0198f3a1-0002-7000-8000-000000000002',
  network: '0198f3a1-0003-7000-8000-000000000003',
  volume: '0198f3a1-0004-7000-8000-000000000004',
};
const when = '2026-01-31T12:00:00.000Z';

export const exampleVm = {
  id: id.vm,
  name: 'web1',
  account: 'acme',
  connector: 'kvm1',
  nativeId: id.vm,
  host: id.host,
  state: 'running',
  image: id.image,
  vcpus: 2,
  memoryMiB: 1024,
  disks: [{ device: 'vda', sizeMiB: 10240 }],
  nics: [{ mac: '52:54:00:12:34:56', network: 'default', addresses: ['192.168.122.17'] }],
  addresses: ['192.168.122.17'],
  labels: { tier: 'front' },
  created: when,
  changed: when,
};

export const exampleOperation = {
  id: id.operation,
  method: 'vm.start',
  account: 'acme',
  user: 'alice',
  resourceKind: 'vm',
  resource: id.vm,
  state: 'running',
  progress: 0,
  created: when,
  started: when,
};

export const exampleHost = {
  id: id.host,
  connector: 'kvm1',
  nativeId: 'node7',
  name: 'node7',
  state: 'up',
  vcpus: 32,
  memoryMiB: 131072,
  freeMemoryMiB: 90112,
  hypervisor: 'QEMU 7.2.19',
  changed: when,
};
export const exampleImage = {
  id: id.image,
  connector: 'kvm1',
  nativeId: 'debian-12.qcow2',
  name: 'debian-12',
  format: 'qcow2',
  sizeMiB: 2048,
  changed: when,
};
export const exampleNetwork = {
  id: id.network,
  connector: 'kvm1',
  nativeId: 'default',
  name: 'default',
  state: 'up',
  bridge: 'virbr0',
  cidrs: ['192.168.122.0/24'],
  changed: when,
};
export const exampleVolume = {
  id: id.volume,
  connector: 'kvm1',
  nativeId: 'default/web1.qcow2',
  name: 'web1.qcow2',
  sizeMiB: 10240,
  usedMiB: 1377,
  format: 'qcow2',
  pool: 'default',
  changed: when,
};
export const exampleConnector = {
  id: 'kvm1',
  plugin: 'libvirt',
  version: '0.1.0',
  state: 'ready',
  calls: ['compute.list', 'compute.start'],
  restarts: 0,
  changed: when,
};
export const exampleEvent = {
  cursor: '1042',
  time: when,
  type: 'vm.state',
  resourceKind: 'vm',
  resource: id.vm,
  account: 'acme',
  operation: id.operation,
  data: { state: 'running', previous: 'starting' },
};
