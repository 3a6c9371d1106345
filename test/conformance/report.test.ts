import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { execa } from 'execa';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { junitReport, type Report, textReport } from '../../plugin-protocol/conformance/index.ts';
import { requireSuite } from '../setup/packages.ts';
import { pythonTool } from '../setup/python.ts';
import { root } from '../support/annelid.ts';
import { checkCommand, checkPlanted } from './check.ts';

/** The elements of a document, in order, with the text in them. */
const elementsOf = (xml: string) => {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: (typeof elements)[number][] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const element = { name, attributes, text: '' };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    if (open.length > 0) open.at(-1)!.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return elements;
};

/** One of each status. */
const only = ['2.1', '3.1', '6.5', '6.6', '12.6', '13.4'];

describe('reports of a check', function () {
  this.timeout(120_000);
  let report: Report;
  before(async () => {
    report = await checkPlanted('shows a secret in a refusal', { only });
  });

  it('are the same for the same plugin', async () => {
    const again = await checkPlanted('shows a secret in a refusal', { only });
    expect(again).to.deep.equal(report);
  });

  it('as JSON say everything by plain values', () => {
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
    expect(report).to.deep.include({
      protocol: 1,
      strict: false,
      passed: false,
      counts: { passed: 2, failed: 1, skipped: 0, unclaimed: 1, host: 1, unseen: 1, warnings: 0 },
    });
    expect(report.plugin).to.include({ name: 'planted', version: '1.0' });
  });

  it('as JSON keep their schema, also where nothing could be asked', async () => {
    const text = await readFile(join(root, 'plugin-protocol/schemas/check-report.json'), 'utf8');
    const validate = new Ajv2020({ strict: true }).compile(JSON.parse(text));
    const obstructed = await checkCommand(['false']);
    for (const one of [report, obstructed]) {
      validate(one);
      expect(validate.errors).to.equal(null);
    }
    validate({ ...report, passed: 'yes' });
    expect(validate.errors).to.have.length(1);
  });

  it('as text show what to do next, with colours where they are wanted', () => {
    const text = textReport(report, false);
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.startsWith('  ✗ 6.6 '));
    expect(lines[at]).to.match(/^ {2}✗ 6\.6 {3}Secrets stand in no output, .+ looked for in \{scratch\}, TMPDIR, /);
    expect(lines.slice(at + 1, at + 3).join('\n')).to.equal(
      [
        '        A secret of its configuration stands on its standard output.',
        '        → Leave the values of passwords, tokens and keys out of messages and logs.',
      ].join('\n'),
    );
    expect(text).to.match(/\nFailed: 2 clauses hold, 1 does not\. Of the others 1 is about something/);
    expect(text).not.to.include('\u001b');
    expect(textReport(report, true)).to.include('\u001b[31m✗\u001b[0m 6.6');
  });

  it('as text say once what there was no occasion to see, and what to do about it', () => {
    const unseen = { status: 'unclaimed' as const, findings: [], why: 'Nothing was slow.', means: 'Name a slow call.' };
    const [clause] = report.clauses;
    const probes = ['overtakes', 'cancels'].map((shows) => ({ ...unseen, shows }));
    const text = textReport({ ...report, clauses: [{ ...clause!, status: 'passed', findings: [], probes }] }, false);
    expect(
      text
        .split('\n')
        .slice(4, 7)
        .map((line) => line.trim()),
    ).to.deep.equal([
      'Not seen, whether it overtakes: Nothing was slow.',
      '→ Name a slow call.',
      'Not seen, whether it cancels, as above.',
    ]);
  });

  it('as text are short where nothing could be asked', async () => {
    const lines = textReport(await checkCommand(['false']), false).split('\n');
    expect(lines.filter((line) => line.startsWith('  ?'))).to.deep.equal([]);
    expect(lines).to.include('        It ended with code 1 before it answered describe.');
    expect(lines.at(-4)).to.match(/^Nothing is known about \d\d other clauses until that is right\.$/);
  });

  it('as JUnit have a suite for each section and a case for each clause, and count them rightly', () => {
    const elements = elementsOf(junitReport(report));
    const named = (name: string) => elements.filter((element) => element.name === name);
    expect(new Set(elements.map(({ name }) => name))).to.deep.equal(
      new Set(['testsuites', 'testsuite', 'testcase', 'failure', 'skipped']),
    );
    const sum = (attribute: string) =>
      named('testsuite').reduce((all, { attributes }) => all + Number(attributes[attribute]), 0);
    expect([sum('tests'), sum('failures'), sum('skipped')]).to.deep.equal([
      named('testcase').length,
      named('failure').length,
      named('skipped').length,
    ]);
    expect(named('testsuites')[0]!.attributes).to.include({ name: 'planted', tests: '6', failures: '1', errors: '0' });
    expect(named('testsuite').map(({ attributes }) => attributes.name)).to.deep.equal([
      '2 Lines that are no messages',
      '3 Life of a process',
      '6 configure, probe, drain, echo',
      '12 How a plugin is found, and a folder with a manifest',
      '13 Published methods',
    ]);
    expect(named('failure')[0]!.attributes).to.deep.equal({
      type: '6.6',
      message: 'A secret of its configuration stands on its standard output.',
    });
  });

  it('as JUnit are what the servers read: valid, and counted by a reader of theirs', async function () {
    await requireSuite(this, 'junit');
    const reader = await pythonTool('junitparser', '4.0.2');
    if (reader === undefined) return this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'annelid-junit-'));
    const file = join(folder, 'check.xml');
    try {
      await writeFile(file, junitReport(report));
      await execa('xmllint', ['--noout', '--schema', join(root, 'test/conformance/junit.xsd'), file]);
      const count = `import sys
from junitparser import JUnitXml
cases = [case for suite in JUnitXml.fromfile(sys.argv[1]) for case in suite]
for case in cases:
    print(case.classname.split()[0], case.name.split()[0], [type(result).__name__ for result in case.result])`;
      const python = join(dirname(reader), 'python');
      const { stdout } = await execa(python, ['-c', count, file]);
      expect(stdout.split('\n')).to.deep.equal([
        '2 2.1 []',
        "3 3.1 ['Skipped']",
        '6 6.5 []',
        "6 6.6 ['Failure']",
        "12 12.6 ['Skipped']",
        "13 13.4 ['Skipped']",
      ]);
      // What a build goes by.
      const { exitCode } = await execa(reader, ['verify', file], { reject: false });
      expect(exitCode).to.equal(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('as JUnit are XML whatever a plugin prints', () => {
    const finding = { severity: 'failure', message: 'a\u0000b\u001b]<&"\'>\ud800\n\u{1F980}' } as const;
    const [clause] = report.clauses;
    const xml = junitReport({ ...report, clauses: [{ ...clause!, status: 'failed', findings: [finding] }] });
    const failure = elementsOf(xml).find(({ name }) => name === 'failure')!;
    expect(failure.text).to.equal('a\uFFFDb\uFFFD]<&"\'>\uFFFD\n\u{1F980}');
    expect(failure.attributes.message).to.equal(failure.text);
  });
});
