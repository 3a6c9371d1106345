import { expect } from 'chai';
import { complaintOf } from '../../daemon/cli/output.ts';
import { renderResult } from '../../daemon/cli/render.ts';
import { Fault } from '../../plugin-protocol/faults.ts';

const list = { name: 'vm.list' };
const plain = { colour: false };

describe('what the command line prints', () => {
  const vms = [
    { name: 'web1', state: 'running', vcpus: 2, memoryMiB: 1024, addresses: ['10.0.0.1', '10.0.0.2'], id: 'a' },
    { name: 'db', state: 'stopped', vcpus: 16, connector: 'kvm1', account: 'acme', id: 'b' },
  ];

  it('shows a list as a table, numbers to the right, nothing as a dash', () => {
    expect(renderResult(list, { items: vms, total: 2 }, plain)).to.equal(
      [
        'NAME  STATE    VCPUS  MEMORYMIB  ADDRESSES          CONNECTOR  ACCOUNT  ID',
        'web1  running      2       1024  10.0.0.1,10.0.0.2  -          -        a',
        'db    stopped     16          -  -                  kvm1       acme     b',
        '',
      ].join('\n'),
    );
  });

  it('shows the columns that are asked for, and that there is more', () => {
    const page = { items: vms, total: 3, next: '2' };
    expect(renderResult(list, page, { ...plain, columns: ['id', 'name'] })).to.equal(
      'ID  NAME\na   web1\nb   db\nMore: --after 2\n',
    );
  });

  it('shows where to read on after events, also where there are none', () => {
    expect(renderResult({ name: 'event.poll' }, { events: [], next: '41', reset: false }, plain)).to.equal(
      'TIME  TYPE  RESOURCE  DATA  CURSOR\nWhat happens then: --after 41\n',
    );
  });

  it('shows the head of an empty list', () => {
    expect(renderResult({ name: 'connector.list' }, { items: [], total: 0 }, plain)).to.equal(
      'ID  PLUGIN  VERSION  STATE  RESTARTS  MESSAGE\n',
    );
  });

  it('shows a record line by line, in the order of the catalogue', () => {
    const method = { name: 'vm.get', result: { properties: { id: {}, labels: {}, state: {} } } };
    expect(renderResult(method, { state: 'running', extra: [], labels: { b: '2', a: '1' }, id: 'x' }, plain)).to.equal(
      'id      x\nlabels  b=2 a=1\nstate   running\nextra   -\n',
    );
  });

  it('shows why an operation failed, in a list and alone', () => {
    const failed = { id: 'op-1', state: 'failed', fault: { kind: 'conflict', code: 409, message: 'web1 is running.' } };
    const known = { id: 'op-2', state: 'running', message: 'copying' };
    const columns = ['id', 'message'];
    expect(renderResult({ name: 'operation.list' }, { items: [failed, known] }, { ...plain, columns })).to.equal(
      'ID    MESSAGE\nop-1  conflict: web1 is running.\nop-2  copying\n',
    );
    expect(renderResult({ name: 'operation.get' }, failed, plain)).to.equal(
      'id     op-1\nstate  failed\nfault  conflict: web1 is running.\n',
    );
  });

  it('colours states on a terminal and nothing else', () => {
    expect(
      renderResult(list, { items: [{ name: 'a', state: 'failed' }] }, { colour: true, columns: ['name', 'state'] }),
    ).to.equal('\x1b[1mNAME  STATE\x1b[0m\na     \x1b[31mfailed\x1b[0m\n');
  });

  it('shows characters that would steer a terminal without obeying them', () => {
    const vm = { name: 'a\x1b[2Jb\nc\u202e' };
    const text = renderResult(list, { items: [vm] }, { ...plain, columns: ['name'] });
    expect(text).to.equal('NAME\na\\u001b[2Jb\\nc?\n');
    const record = renderResult({ name: 'meter.read' }, { 'a\x1b[2J': 1 }, plain);
    expect(record).to.equal('a\\u001b[2J  1\n');
    expect(renderResult({ name: 'meter.name' }, 'a\x9b2Jb', plain)).to.equal('a?2Jb\n');
  });

  it('says what failed in lines of its own, without obeying what stands in it', () => {
    const fault = new Fault('failed', 'The disk\x1b]0;of web1\x07 is full.\nIt has 0 bytes.', {
      hint: 'Make\x9b room.',
    });
    expect(complaintOf(fault)).to.equal(
      'failed: The disk\\u001b]0;of web1\\u0007 is full.\nIt has 0 bytes.\nMake? room.\n',
    );
  });
});
