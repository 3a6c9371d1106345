/** What is told to those who write a plugin by hand, as section 11 of PROTOCOL.md has one in ten lines. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { samplesIn } from '../plugin-protocol/samples.ts';
import { checkCommand, patience } from './check.ts';

const [sample = ''] = samplesIn('python');

describe('plugins that are written by hand', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-bare-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** What is found in the sample when a part of it is another. */
  const findingsOf = async (part: string, instead: string, only: string[]) => {
    expect(sample).to.include(part);
    const file = join(folder, 'plugin.py');
    await writeFile(file, sample.replace(part, instead));
    const { clauses } = await checkCommand(['/usr/bin/python3', file], {
      only,
      patience: { ...patience, describeMs: 2000 },
    });
    const findings = clauses.flatMap((one) => [...one.findings, ...one.probes.flatMap((probe) => probe.findings)]);
    return findings.map(({ message, advice }) => [message, advice]);
  };

  it('are told that what they write stays in a buffer', async () => {
    const findings = await findingsOf(', flush=True', '', ['4.1', '2.3']);
    expect(findings).to.have.length(1);
    expect(findings[0]![0]).to.equal(
      'It answers describe only when its input has ended: what it writes stays in a buffer until then.',
    );
    expect(findings[0]![1]).to.match(/^Flush standard output after each line: flush=True in Python/);
  });

  it('are told which line they should not have answered, once', async () => {
    const careful =
      '    try: m = json.loads(line)\n    except ValueError: continue\n    if not isinstance(m, dict): continue\n';
    expect(await findingsOf('    m = json.loads(line)\n', careful, ['2'])).to.deep.equal([
      [
        'It answers a line that is no request, {"jsonrpc":"2.0","id":77,"result":{}}, with {"jsonrpc":"2.0","id":77,"error":{"code":500,"message":"\'method\'"}}',
        'A request has an id and a method: drop what lacks one of them.',
      ],
    ]);
  });
});
