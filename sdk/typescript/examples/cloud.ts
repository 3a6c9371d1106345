/** A cloud kept in SQLite, where machines are rows: put calls of your own in their place. */
import { DatabaseSync } from 'node:sqlite';
import { type CallsFactory, Fault, type NativeVm, serve } from 'annelid-sdk/plugin';

const cloud: CallsFactory<{ file?: unknown }> = ({ file = 'machines.db' }, { event }) => {
  if (typeof file !== 'string')
    throw new Fault('invalid-params', 'file must be the path of a file.', { field: '/config/file' });
  const db = new DatabaseSync(file);
  db.exec('create table if not exists vm (id text primary key not null, key text unique, body text)');

  const rows = (where: string, ...values: string[]): NativeVm[] => {
    const found = db.prepare(`select body from vm where ${where}`).all(...values);
    return found.map(({ body }) => JSON.parse(String(body)));
  };

  const get = (id: string): NativeVm => {
    const [vm] = rows('id = ?', id);
    if (vm === undefined) throw new Fault('not-found', `There is no machine ${id}.`, { resource: id });
    return vm;
  };

  const become = (id: string, state: NativeVm['state'], ...before: NativeVm['state'][]): NativeVm => {
    const vm = get(id);
    if (![state, ...before].includes(vm.state)) {
      throw new Fault('conflict', `${vm.name} is ${vm.state}.`, { resource: id });
    }
    const changed = { ...vm, state };
    db.prepare('update vm set body = ? where id = ?').run(JSON.stringify(changed), id);
    event({ type: 'vm.changed', vm: changed });
    return changed;
  };

  return {
    'compute.list': () => ({ items: rows('true') }),
    'compute.get': ({ vm }) => get(vm),
    'compute.create': ({ id, name, vcpus, memoryMiB, labels }, { key = id }) => {
      const vm: NativeVm = { id, state: 'stopped', key, name, vcpus, memoryMiB, labels };
      const made = db.prepare('insert or ignore into vm values (?, ?, ?)').run(id, key, JSON.stringify(vm));
      if (made.changes > 0) event({ type: 'vm.changed', vm });
      return rows('key = ?', key)[0]!;
    },
    'compute.start': ({ vm, paused }) => become(vm, paused ? 'paused' : 'running', 'stopped'),
    'compute.powerOff': ({ vm }) => become(vm, 'stopped', 'running', 'paused'),
    'compute.delete': ({ vm }) => {
      if (db.prepare('delete from vm where id = ?').run(vm).changes > 0) event({ type: 'vm.deleted', id: vm });
    },
    find: (_, { key = '' }) => {
      const [vm] = rows('key = ?', key);
      return vm === undefined ? { outcome: 'none' } : { outcome: 'done', vm };
    },
  };
};

await serve('cloud', cloud, { version: '0.1.0' });
