/** What a plugin without a kit needs, wherever it needs it, is given by the check as by the host. */
import { expect } from 'chai';
import { createHost } from '../../plugin-protocol/conformance/conversation/host.ts';
import { acceptedFor, givenFor } from '../../plugin-protocol/conformance/conversation/needs.ts';
import { Failure } from '../../plugin-protocol/conformance/report/verdict.ts';
import { any, record, type Shape } from '../../plugin-protocol/shape.ts';

describe('check: what a call needs', () => {
  it('is accepted in place of each result that cannot be taken for it, as the host does', () => {
    const published = new Map<string, Shape>([
      ['lamp.read', any('Whatever it shows.')],
      ['lamp.on', record('On', 'Nothing.', {})],
    ]);
    const accepted = (method: string) => acceptedFor(method, published);
    for (const method of ['compute.list', 'lamp.on']) expect(accepted(method), method).to.deep.equal(['need', 'blob']);
    for (const method of ['configure', 'probe', 'find', 'task.get'])
      expect(accepted(method), method).to.deep.equal(['need']);
    for (const method of ['describe', 'echo', 'blob.read', 'lamp.read', 'lamp.off'])
      expect(accepted(method), method).to.deep.equal([]);
  });

  it('is given beside what was given before', () => {
    const host = createHost({ token: 's3cret' });
    const first = givenFor(host, 'probe', { secret: ['token'] }, undefined);
    expect(givenFor(host, 'probe', { state: ['last'] }, first)).to.deep.equal({
      secret: { token: 's3cret' },
      state: { last: { version: 0 } },
    });
  });

  it('is named where the manifest does not have it', () => {
    const given = () => givenFor(createHost({}), 'probe', { secret: ['token'] }, undefined);
    expect(given).to.throw(Failure, 'probe needs what is not there: The connector has no secret token.');
  });
});
