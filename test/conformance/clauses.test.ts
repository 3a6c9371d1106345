import { expect } from 'chai';
import { clauses } from '../../plugin-protocol/conformance/index.ts';
import { sections } from '../../plugin-protocol/conformance/report/text.ts';
import { protocolText } from '../plugin-protocol/samples.ts';

const withoutSamples = protocolText.replaceAll(/^```[\s\S]*?^```$/gm, '');

describe('the clauses of the conformance program', () => {
  it('are those of PROTOCOL.md, each once and in its order', () => {
    const numbers = [...withoutSamples.matchAll(/^([0-9]+\.[0-9]+) /gm)].map(([, number]) => number);
    expect(clauses.map(({ clause }) => clause)).to.deep.equal(numbers);
  });

  it('stand in sections that are called as they are there', () => {
    for (const [number, title] of Object.entries(sections)) {
      expect(protocolText.replaceAll('`', '')).to.include(`\n## ${number} ${title}\n`);
    }
    expect(new Set(clauses.map(({ clause }) => clause.split('.')[0]))).to.deep.equal(new Set(Object.keys(sections)));
  });

  it('each have a probe, or say why there is none', () => {
    for (const row of clauses) {
      if ('probes' in row) expect(row.probes, row.clause).not.to.have.length(0);
      else expect('host' in row ? row.host : row.unseen, row.clause).to.match(/^[A-Z].*\.$/);
    }
  });
});
