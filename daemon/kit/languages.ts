/** The languages that plugins can be made in, with what their READMEs and manifests say of each, whatever the kind. */
import type { Needs } from '../../plugin-protocol/manifest.ts';
import type { Kind } from './kinds.ts';

export interface LanguageRow {
  /** Where its kit is. */
  kit: string;
  /** How its files end. */
  end: string;
  /** How a plugin is started that finds the kit in `annelid`, and one without a kit. */
  run: { linked: readonly string[]; bare: readonly string[] };
  /** What plugins of some kinds need of the machine: `needs` in their manifests; others need nothing. */
  needs?: Partial<Record<Kind, Needs>>;
  /** What runs its tests, and what a fresh machine must do before. */
  test: string;
  prepare: readonly string[];
  /** What must be linked for the kit to be found. */
  links: Readonly<Record<string, string>>;
  /** What the kit is called, and how a plugin does without the link to it. */
  package: string;
  install: string;
  /** Prints the hash of a password that it reads, in a plugin of the kind `directory`. */
  hash: string;
  /** What its tools leave behind, for `.gitignore`. */
  ignored: readonly string[];
}

export const languages = {
  typescript: {
    kit: 'sdk/typescript',
    end: 'ts',
    run: { linked: ['node', 'main.ts'], bare: ['node', 'main.ts'] },
    test: 'npm test',
    prepare: ['npm install'],
    links: { 'node_modules/annelid-sdk': '../annelid/sdk/typescript' },
    package: 'the package `annelid-sdk`',
    install: `\`npm install\` then finds the kit in it. To do without, pack it (\`npm --prefix CHECKOUT run build sdk/typescript\`, \`npm pack CHECKOUT/sdk/typescript/dist\`) and install what
came of that: \`npm install ./annelid-sdk-*.tgz\`.`,
    hash: 'node sample-plugin/passwords.ts',
    ignored: ['node_modules/'],
  },
  python: {
    kit: 'sdk/python',
    end: 'py',
    run: { linked: ['env', 'PYTHONPATH=annelid/sdk/python/src', 'python3', 'main.py'], bare: ['python3', 'main.py'] },
    test: 'python3 -m unittest',
    prepare: [],
    links: {},
    package: 'the package `annelid`',
    install: `To do without, install it: \`python3 -m venv venv\`, \`venv/bin/pip install CHECKOUT/sdk/python\`, and
\`"run": ["venv/bin/python", "main.py"]\` in \`manifest.json\`.`,
    hash: 'python3 sample-plugin/passwords.py',
    ignored: ['__pycache__/', 'build/', 'venv/'],
  },
  ruby: {
    kit: 'sdk/ruby',
    end: 'rb',
    run: { linked: ['ruby', '-Iannelid/sdk/ruby/lib', 'main.rb'], bare: ['ruby', 'main.rb'] },
    test: 'ruby test_main.rb',
    prepare: [],
    links: {},
    package: 'the gem `annelid`',
    install: `To do without, install it: \`gem build -C CHECKOUT/sdk/ruby -o "$PWD/annelid.gem" annelid.gemspec\`,
\`gem install --local --install-dir gems annelid.gem\`, and \`"run": ["env", "GEM_PATH=gems", "ruby", "main.rb"]\` in \`manifest.json\`.`,
    hash: 'ruby sample-plugin/passwords.rb',
    ignored: ['gems/', '*.gem'],
  },
  perl: {
    kit: 'sdk/perl',
    end: 'pl',
    run: { linked: ['perl', '-Iannelid/sdk/perl/lib', 'main.pl'], bare: ['perl', 'main.pl'] },
    test: 'prove',
    prepare: [],
    links: {},
    package: 'the distribution `Annelid`',
    install: `To do without, install it: in a copy of \`CHECKOUT/sdk/perl\`,
\`perl Makefile.PL INSTALL_BASE=PATH && make install\`, and \`"run": ["perl", "-IPATH/lib/perl5", "main.pl"]\` in \`manifest.json\`.`,
    hash: 'openssl passwd -6 -salt "rounds=100000\\$$(openssl rand -hex 8)" -stdin',
    ignored: ['perl5/'],
  },
  tcl: {
    kit: 'sdk/tcl',
    end: 'tcl',
    run: { linked: ['env', 'TCLLIBPATH=annelid/sdk/tcl', 'tclsh', 'main.tcl'], bare: ['tclsh', 'main.tcl'] },
    // `sync` for the books, `openssl` for passwords: Tcl has neither itself.
    needs: { accounting: { exec: true }, directory: { exec: true } },
    test: 'tclsh main.test',
    prepare: ['sudo apt-get update', 'sudo apt-get install --yes tcl'],
    links: {},
    package: 'the package `annelid::plugin`',
    install: `To do without, install it: \`tclsh CHECKOUT/sdk/tcl/install.tcl lib\`, and
\`"run": ["env", "TCLLIBPATH=lib", "tclsh", "main.tcl"]\` in \`manifest.json\`.`,
    hash: 'openssl passwd -6 -salt "rounds=100000\\$$(openssl rand -hex 8)" -stdin',
    ignored: ['lib/'],
  },
} as const satisfies Record<string, LanguageRow>;
export type Language = keyof typeof languages;
