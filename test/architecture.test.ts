import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const frontendMayImport = [
  'daemon/catalogue',
  'daemon/core',
  'daemon/frontends',
  'daemon/limits.ts',
  'daemon/patterns.ts',
  'daemon/wire',
  'plugin-protocol',
];

const bridgeMayImport = [
  'sdk/typescript',
  'plugin-protocol',
  'daemon/frontends',
  'daemon/frontends/*',
  'daemon/limits.ts',
  'daemon/wire',
];

/**
 * The folders of a unit as layers, the lowest first: each may import those before it, and of what is outside what the unit may. `.`
 * stands for the files of the unit that are in no folder.
 */
const layered = (unit: string, outside: readonly string[], layers: readonly string[]) =>
  Object.fromEntries(
    layers
      .map((layer) => (layer === '.' ? unit : `${unit}/${layer}`))
      .map((layer, i, all) => [layer, [...outside, ...all.slice(0, i)]]),
  );

/** The layers of what SOAP knows of contracts of others. */
const contractLayers = ['schema', 'wsdl', 'values', 'encode', 'decode', 'methods', 'operations', '.'].map((layer) =>
  layer === '.' ? 'contract' : `contract/${layer}`,
);

/**
 * The dependency rules. A new edge is a reviewed line here. A unit is the longest entry that a path is in; `*` stands for
 * one folder, and a unit may always import itself, so that one frontend or plugin never sees another. Packages of the
 * registry begin with `npm:`; Node's own modules are free.
 */
const mayImport: Record<string, readonly string[]> = {
  'plugin-protocol': [],
  ...layered(
    'plugin-protocol/conformance',
    ['plugin-protocol'],
    ['report', 'process', 'conversation', 'bring-up', 'evidence', 'clauses', '.'],
  ),
  'sdk/typescript': ['plugin-protocol'],
  // Never the daemon, never another plugin.
  'plugins/*': ['sdk/typescript'],
  // Bridges speak the wires of the daemon from the other side, with the same codecs.
  'plugins/xmlrpc': bridgeMayImport,
  'plugins/soap': bridgeMayImport,
  // As it is outside of this repository.
  'sdk/typescript/examples': ['npm:annelid-sdk'],
  'examples/*': ['npm:annelid'],
  'sdk/templates/*': ['npm:annelid-sdk'],

  'daemon/limits.ts': ['plugin-protocol'],
  'daemon/catalogue': ['plugin-protocol'],
  // Bytes and records: it knows no API.
  'daemon/wire': ['plugin-protocol/slices.ts', 'plugin-protocol/text/cut.ts'],
  // Declares the ports that both sides plug into.
  'daemon/core': ['daemon/catalogue', 'daemon/limits.ts', 'daemon/patterns.ts', 'plugin-protocol', 'npm:uuid'],
  'daemon/patterns.ts': ['plugin-protocol', 'npm:re2js'],
  'daemon/store': ['daemon/core'],
  // Never the catalogue, never frontends.
  ...layered(
    'daemon/host',
    ['daemon/core', 'daemon/limits.ts', 'plugin-protocol'],
    [
      ...['.', 'discretion', 'program', 'transport', 'keeper', 'link', 'call', 'conversation', 'instance', 'lifecycle'],
      'index.ts',
    ],
  ),
  'daemon/metrics': ['daemon/core', 'plugin-protocol', 'npm:prom-client'],
  'daemon/state': [],

  // What all frontends share.
  'daemon/frontends': ['daemon/catalogue', 'daemon/core', 'daemon/limits.ts', 'daemon/wire', 'plugin-protocol'],
  'daemon/frontends/*': frontendMayImport,
  ...layered('daemon/frontends/soap', frontendMayImport, [
    ...['message', 'values', 'headers', 'service', ...contractLayers, 'wsdl', 'profiles', '.'],
  ]),
  // Shows the command line beside the wires, in the words of the command line itself.
  'daemon/frontends/docs': [...frontendMayImport, 'daemon/cli/names.ts'],
  'daemon/generate': [
    'daemon/catalogue',
    'daemon/frontends/docs',
    'daemon/config/settings.ts',
    'plugin-protocol',
    'plugin-protocol/conformance/report',
  ],

  // Talks to plugins as the host does, for those who write them.
  'daemon/kit': [
    'daemon/core',
    'daemon/host',
    'daemon/host/call',
    'daemon/host/conversation',
    'daemon/host/transport',
    'daemon/limits.ts',
    'plugin-protocol',
  ],

  'daemon/cli/names.ts': ['daemon/catalogue', 'daemon/config/settle.ts', 'plugin-protocol'],
  'daemon/cli': [
    'daemon/*.ts',
    'daemon/config/*.ts',
    'daemon/control',
    'daemon/state',
    'daemon/host/program/locate.ts',
    'daemon/cli/names.ts',
    'daemon/catalogue',
    'daemon/core',
    'daemon/kit',
    'daemon/store',
    'plugin-protocol',
    'plugin-protocol/conformance',
  ].concat(['commander', 'execa', 'yaml'].map((name) => `npm:${name}`)),
  'daemon/config': ['daemon/core', 'daemon/limits.ts', 'daemon/state', 'plugin-protocol', 'npm:yaml'],
  // What a configuration names, looked at: plugins and contracts.
  'daemon/config/plugins.ts': ['daemon/config', 'daemon/host/program', 'plugin-protocol'],
  'daemon/config/contracts.ts': ['daemon/config', 'daemon/frontends/*'],
  'daemon/reload': [
    'daemon/config',
    'daemon/config/plugins.ts',
    'daemon/core',
    'daemon/host',
    'daemon/host/index.ts',
    'daemon/host/program/locate.ts',
    'daemon/host/program/program-files.ts',
    'plugin-protocol',
  ],
  'daemon/control': ['daemon/core', 'daemon/host/index.ts', 'daemon/reload', 'plugin-protocol'],
  // The wiring: the log, the version, and main.ts, which joins the parts.
  'daemon/*.ts': ['daemon/config', 'plugin-protocol', 'npm:pino'],
  'daemon/main.ts': [
    'daemon/*.ts',
    'daemon/config/*.ts',
    'daemon/control',
    'daemon/core',
    'daemon/frontends/*',
    'daemon/host/index.ts',
    'daemon/metrics',
    'daemon/reload',
    'daemon/state',
    'daemon/store',
    'daemon/wire',
  ],
};

/** Only the command line starts a daemon. */
const importedOnlyBy: Record<string, string> = { 'daemon/main.ts': 'daemon/cli' };

/** Modules of which a start without TLS does not wait to be loaded: the daemon imports them where they are needed. */
const late = ['node:tls', 'node:https', './tls-files.ts', './config/tls-files.ts'];

const longest = 350;

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

const pattern = (unit: string) => {
  const path = unit.replaceAll('.', '\\.').replaceAll('*', '[^/]+');
  return new RegExp(unit.endsWith('*') ? `^${path}/` : `^${path}(/|$)`);
};
// Names before patterns, then the longest.
const units = Object.keys(mayImport)
  .sort((a, b) => Number(a.includes('*')) - Number(b.includes('*')) || b.length - a.length)
  .sort((a, b) => b.split('/').length - a.split('/').length)
  .map((unit) => ({ unit, matches: pattern(unit) }));
const unitOf = (path: string): string | undefined => units.find(({ matches }) => matches.test(path))?.unit;
/** Two plugins, or two frontends, are two units though one line of the table speaks for both. */
const instanceOf = (path: string): string | undefined => {
  const unit = unitOf(path);
  return unit?.endsWith('*') ? path.split('/').slice(0, unit.split('/').length).join('/') : unit;
};

const statement =
  /^(?:import\s+|(?:import|export)\b[^'"=;(]*?\bfrom\s+)['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm;
const specifiers = (source: string): string[] =>
  [...source.matchAll(statement)].map(([, first, second]) => (first ?? second) as string);
const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** What a file imports: paths from the top of the repository, or packages. */
const importsOf = (path: string, source: string): string[] =>
  specifiers(source)
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) => (specifier.startsWith('.') ? join(dirname(path), specifier) : `npm:${packageOf(specifier)}`));

const allowed = (from: string, target: string): boolean => {
  const lines = mayImport[from] as readonly string[];
  if (target.startsWith('npm:')) return lines.includes(target);
  const unit = unitOf(target) as string;
  return lines.some((line) => line === unit || (/\*|\.ts$/.test(line) && pattern(line).test(target)));
};

const violations = (path: string, source: string): string[] => {
  const from = unitOf(path);
  if (from === undefined) return [`${path} is in no unit of the table.`];
  return importsOf(path, source).flatMap((target) => {
    if (!target.startsWith('npm:') && instanceOf(target) === instanceOf(path)) return [];
    const only = importedOnlyBy[target];
    if (only !== undefined && only !== from) return [`${path} imports ${target}, which only ${only} may.`];
    return allowed(from, target) ? [] : [`${path} imports ${target}, which ${from} may not.`];
  });
};

/** Tests and the programs of the build may import everything. */
const sources = files.filter((path) => path.endsWith('.ts') && !/^(test|bin)\//.test(path));

describe('Architecture', () => {
  it('every import is an edge of the table', () => {
    expect(sources.flatMap((path) => violations(path, textOf(path)))).to.deep.equal([]);
  });

  it('finds imports that are no edge', () => {
    const cases: [path: string, source: string, found: number][] = [
      ['daemon/wire/http.ts', `import { methods } from '../catalogue/index.ts';`, 1],
      ['daemon/wire/http.ts', `import type { Api } from '../core/api.ts';`, 1],
      ['daemon/wire/http.ts', `import {\n  a,\n  b,\n} from '../core/api.ts';\nexport * from './route.ts';`, 1],
      ['daemon/wire/http.ts', `import { createServer } from 'node:http';\nimport x from 'express';`, 1],
      ['daemon/frontends/soap/index.ts', `import { x } from '../xmlrpc/index.ts';`, 1],
      [
        'daemon/frontends/soap/index.ts',
        `import { x } from '../frontend.ts';\nimport y from '../../host/index.ts';`,
        1,
      ],
      ['daemon/frontends/soap/index.ts', `import { x } from '../../cli/names.ts';`, 1],
      ['daemon/frontends/soap/contract/encode/any.ts', `import { x } from '../decode/any.ts';`, 1],
      ['daemon/frontends/soap/contract/decode/any.ts', `import { x } from '../schema/types.ts';`, 0],
      ['daemon/frontends/soap/service/decode.ts', `import { x } from '../contract/schema/tree.ts';`, 1],
      ['daemon/host/index.ts', `const late = await import('../catalogue/index.ts');`, 1],
      ['daemon/host/link/link.ts', `import { exchange } from '../call/exchange.ts';`, 1],
      ['daemon/host/call/exchange.ts', `import type { Link } from '../link/link.ts';`, 0],
      ['daemon/host/sentence.ts', `import type { Link } from './link/link.ts';`, 1],
      ['daemon/core/index.ts', `import { serve } from '../main.ts';`, 1],
      ['plugins/memory/main.ts', `import { x } from '../noop/noop.ts';`, 1],
      ['plugins/memory/main.ts', `import { x } from '../../daemon/limits.ts';`, 1],
      ['plugins/memory/main.ts', `import { x } from '../../sdk/typescript/plugin/index.ts';`, 0],
      ['daemon/cli/serve.ts', `import { serve } from '../main.ts';`, 0],
      ['elsewhere/file.ts', '', 1],
    ];
    for (const [path, source, found] of cases) expect(violations(path, source), source).to.have.length(found);
  });

  it('what few starts need is loaded when it is needed', () => {
    const early = new RegExp(`^import (?!type )[^;]* from '(${late.join('|').replaceAll('.', '\\.')})'`, 'm');
    expect(early.test(`import {\n  connect,\n} from 'node:tls';`)).to.equal(true);
    const found = sources.filter((path) => path.startsWith('daemon/') && early.test(textOf(path)));
    expect(found).to.deep.equal(['daemon/config/tls-files.ts']);
  });

  it(`no source is longer than ${longest} lines`, () => {
    const long = files
      .filter((path) => /\.(ts|js|py|rb|pl|pm|t|tcl|php|c)$/.test(path) && !/\/generated\//i.test(path))
      .filter((path) => textOf(path).split('\n').length > longest);
    expect(long).to.deep.equal([]);
  });

  it('files are named in kebab-case; those of Python, Ruby and Perl as these languages have it', () => {
    const spelled = (path: string) => {
      const name = basename(path);
      // Tcl looks for that name.
      if (/^[A-Z]+(\.md)?$/.test(name) || name === 'pkgIndex.tcl') return true;
      if (/\.(pm|PL)$/.test(name)) return /^[A-Z][A-Za-z0-9]*\.(pm|PL)$/.test(name);
      return /\.(py|rb)$/.test(name) ? /^[a-z0-9_]+\.[a-z]+$/.test(name) : /^\.?[a-z0-9]+([.-][a-z0-9]+)*$/.test(name);
    };
    expect(files.filter((path) => !spelled(path))).to.deep.equal([]);
  });

  it('nothing is left to be done', () => {
    const marks = new RegExp(
      `\\b(${['TO', 'FIX'].map((begin) => begin + (begin === 'TO' ? 'DO' : 'ME')).join('|')})\\b`,
    );
    const marked = files.filter((path) => !path.endsWith('package-lock.json') && marks.test(textOf(path)));
    expect(marked).to.deep.equal([]);
  });
});
