import { expect } from 'chai';
import { Fault, type FaultKind } from '../../../plugin-protocol/faults.ts';
import { errorFromFault, faultFromError } from '../../../plugin-protocol/rpc/errors.ts';
import { readLine, requestLine, resultLine } from '../../../plugin-protocol/rpc/messages.ts';

describe('readLine', () => {
  const message = { jsonrpc: '2.0', id: 1, result: { text: '{"jsonrpc":"2.0"}' } };

  it('finds a message behind noise, whatever the noise is made of', () => {
    for (const noise of ['x', '{', '{"a":1}', '}{{', '[1] ', '{"jsonrpc":"1.0"}', 'naïve {😀} ']) {
      expect(readLine(noise + JSON.stringify(message)), noise).to.deep.equal({ message, noise });
    }
  });

  it('takes for noise what is not a JSON-RPC 2.0 object', () => {
    for (const line of [
      'hello',
      '{}',
      '[]',
      'null',
      '1',
      '{"jsonrpc":2.0}',
      `[${JSON.stringify(message)}]`,
      '{'.repeat(100_000),
    ]) {
      expect(readLine(line).message).to.equal(undefined);
      expect(readLine(line).noise).to.equal(line);
    }
  });
});

describe('the lines of messages', () => {
  it('are JSON without line breaks', () => {
    const line = requestLine(5, 'compute.get', { vm: 'a\nb\u2028' });
    expect(line).to.not.include('\n');
    expect(JSON.parse(line)).to.deep.equal({
      jsonrpc: '2.0',
      id: 5,
      method: 'compute.get',
      params: { vm: 'a\nb\u2028' },
    });
    expect(resultLine('x', undefined)).to.equal('{"jsonrpc":"2.0","id":"x","result":null}');
  });
});

describe('faultFromError', () => {
  const told = (error: unknown, mutates: boolean) => {
    const { kind, message, data } = faultFromError(error, mutates);
    return { kind, message, data };
  };

  it('gives back the fault that errorFromFault was given', () => {
    const data = {
      field: '/vm',
      outcome: 'partial',
      retryAfterMs: 5,
      hint: 'h',
      provider: 'p',
      resource: 'r',
    } as const;
    const fault = new Fault('quota', 'Full.', data);
    expect(told(errorFromFault(fault), true)).to.deep.equal({ kind: 'quota', message: 'Full.', data });
  });

  it('takes an unknown outcome for granted unless the request was refused by JSON-RPC itself', () => {
    const outcomes = [-32700, -32600, -32601, -32602, -32603, 404, 500, 0].map(
      (code) => faultFromError({ code, message: 'm' }, true).data.outcome,
    );
    expect(outcomes).to.deep.equal(['none', 'none', 'none', 'none', 'unknown', 'unknown', 'unknown', 'unknown']);
    expect(faultFromError({ code: 404, message: 'm' }, false).data).to.deep.equal({});
  });

  it('says for a refusal of the kit that nothing happened, and leaves other failures open', () => {
    const outcome = (kind: FaultKind) => faultFromError(errorFromFault(new Fault(kind, 'm')), true).data.outcome;
    expect(outcome('conflict')).to.equal('none');
    expect(outcome('unavailable')).to.equal('unknown');
  });

  it('does not let a plugin blame the credentials or the request of the caller', () => {
    const kinds = [401, 413, 415, -32601].map((code) => faultFromError({ code, message: 'm' }, false).kind);
    expect(kinds).to.deep.equal(['unavailable', 'internal', 'internal', 'unsupported']);
  });

  it('makes a fault of anything', () => {
    for (const error of [
      'no',
      5,
      [],
      { code: 'x', message: 5, data: 'y' },
      { data: { kind: 'constructor', field: 5 } },
    ]) {
      expect(told(error, false)).to.deep.equal({ kind: 'failed', message: 'The plugin gave no reason.', data: {} });
    }
    expect(faultFromError({ code: 500, message: 'x'.repeat(10_000) }, false).message).to.have.length(4096);
  });
});
