import { expect } from 'chai';
import { createDiscretions, discreetLog } from '../../daemon/host/discretion/discretion.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { inSlices } from '../../plugin-protocol/slices.ts';
import { countTurns } from '../support/slices.ts';
import { createLogWatch, noopInstance } from './running-host.ts';

const secret = 'p/ss "wörd" 7f1c0a';
const knowing = (hidden: string[], referred = hidden, more = {}) => noopInstance({}, { hidden, referred, ...more });
const discretionOf = (hidden: string[], referred = hidden) => {
  const discretions = createDiscretions();
  discretions.learn([knowing(hidden, referred)]);
  return discretions.of('one');
};

describe('what is secret of a connector', () => {
  it('is hidden in text in each form that other programs make of it', () => {
    const { text } = discretionOf([secret]);
    const json = JSON.stringify({ of: secret });
    const basic = ['', 'a', 'ab'].map((user) => Buffer.from(`${user}:${secret}:`).toString('base64'));
    for (const form of [secret, encodeURIComponent(secret), json, ...basic, basic[0]!.replaceAll('/', '_')]) {
      const shown = text(`<${form}>`);
      expect(shown, form).to.include('(hidden)');
      expect(Buffer.from(shown.slice(1, -1), 'base64').toString(), form).not.to.include('7f1c');
    }
    expect(text('nothing of it')).to.equal('nothing of it');
  });

  it('is hidden line by line when it is a key, and at the end of a text that was cut', () => {
    const lines = ['-----BEGIN KEY-----', 'MIIEvQIBADANBgkqhkiG9w0', 'c3RvcHBlZCBoZXJlIGFuZCB', '-----END KEY-----'];
    const { text } = discretionOf([lines.join('\n'), secret]);
    expect(text(`at ${lines[1]} of`)).to.equal('at (hidden) of');
    expect(text(lines[0]!)).to.equal(lines[0]);
    const long = 'x'.repeat(300);
    expect(text(`${long}${secret.slice(0, -3)}`)).to.equal(`${long}(hidden)`);
    expect(text(`${long}${secret.slice(0, -3)}.`)).to.equal(`${long}(hidden).`);
  });

  it('is hidden in every part of a fault', () => {
    const { fault } = discretionOf([secret]);
    const data = { hint: secret, resource: 'vm-1', contract: { fault: 'F', detail: { of: [secret] } } };
    const told = fault(new Fault('failed', `No login with ${secret}.`, { outcome: 'none', ...data })) as Fault;
    expect([told.kind, told.message]).to.deep.equal(['failed', 'No login with (hidden).']);
    expect(told.data).to.deep.equal({
      ...{ outcome: 'none', hint: '(hidden)', resource: 'vm-1' },
      contract: { fault: 'F', detail: { of: ['(hidden)'] } },
    });
    const bug = new TypeError('of ours');
    expect(fault(bug)).to.equal(bug);
  });

  it('is hidden in data where it is long and referred to, and data without it stays the same', () => {
    const { data, text } = discretionOf([secret, 'by-its-name', 'demo'], [secret, 'demo']);
    const machine = { id: 'demo-1', name: 'by-its-name', labels: { note: 'fine' }, vcpus: 2, disks: [{ volume: 'a' }] };
    expect(data(machine)).to.equal(machine);
    expect(data({ ...machine, labels: { [secret]: `of ${secret}` } }).labels).to.deep.equal({
      '(hidden)': 'of (hidden)',
    });
    expect(text('demo-1 of by-its-name')).to.equal('(hidden)-1 of (hidden)');
  });

  it('is looked for in slices in a long list, and hidden wherever it stands', async () => {
    const { dataInSlices, data } = discretionOf([secret]);
    const machines = Array.from({ length: 100_000 }, (_, at) => ({
      id: `vm-${at}`,
      labels: { note: 'fine, and long' },
    }));
    const page = { items: machines };
    const turns = countTurns();
    expect(await inSlices(dataInSlices(page))).to.equal(page);
    expect(turns()).to.be.at.least(3);
    const some = machines.slice(0, 50);
    const last = { id: 'last', labels: { note: secret } };
    for (const telling of [
      { items: [...some, last] },
      { items: some, next: secret },
      { [secret]: [] },
      [last],
      last,
      secret,
    ]) {
      const shown = await inSlices(dataInSlices<unknown>(telling));
      expect(shown).to.not.equal(telling);
      expect(shown).to.deep.equal(data(telling));
    }
  });

  it('is so for all that share a process, and after a change as long as a process may know the old one', () => {
    const discretions = createDiscretions();
    const [first, second] = ['first-7f1c0a', 'second-7f1c0a'];
    discretions.learn([
      knowing([first]),
      noopInstance({}, { id: 'mate' }),
      noopInstance({}, { id: 'alone', env: ['A'] }),
    ]);
    expect(discretions.of('mate').text(first)).to.equal('(hidden)');
    expect(discretions.of('alone').text(first)).to.equal(first);
    expect(discretions.all().text(first)).to.equal('(hidden)');
    for (const times of [1, 2]) {
      discretions.learn([knowing([second])]);
      expect(discretions.of('one').text(`${first} ${second}`), `${times}`).to.equal('(hidden) (hidden)');
    }
    discretions.learn([]);
    expect(discretions.all().text(second), 'as it ends').to.equal('(hidden)');
    discretions.learn([]);
    expect(discretions.all().text(second)).to.equal(second);
  });

  it('is what somebody logs in with, too, in text and not in data, while a plugin is asked', () => {
    const discretions = createDiscretions();
    discretions.learn([knowing([secret])]);
    discretions.hold('one', ['administrator']);
    const { text, data } = discretions.of('one');
    expect(text(`administrator with ${secret}`)).to.equal('(hidden) with (hidden)');
    expect(data({ role: 'administrator' })).to.deep.equal({ role: 'administrator' });
    expect(discretions.of('other').text('administrator')).to.equal('administrator');
    expect(discretions.all().text('administrator')).to.equal('(hidden)');
  });

  it('is in no line of the log, also not in what is thrown', () => {
    const { log, entries } = createLogWatch();
    const discretions = createDiscretions();
    discretions.learn([knowing([secret])]);
    const told = discreetLog(log, discretions.all).child({ part: 'host' });
    told.error({ err: new Error(`of ${secret}`), stderr: [secret], pid: 7 }, `It says ${secret}.`);
    const [{ facts, message }] = entries.all as [(typeof entries.all)[0]];
    expect([message, facts.part, facts.pid]).to.deep.equal(['It says (hidden).', 'host', 7]);
    expect([(facts.err as Error).message, facts.stderr]).to.deep.equal(['of (hidden)', ['(hidden)']]);
    expect((facts.err as Error).stack).not.to.include(secret);
  });
});
