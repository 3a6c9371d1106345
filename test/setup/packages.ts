/**
 * What the suites need beside Node: real daemons, other languages' clients, peers to measure against. One row a suite;
 * `probes` are commands that end with 0 when the packages are there, so a machine that has them from elsewhere will do.
 */
import { join } from 'node:path';
import { execa } from 'execa';
import { type JarRow, jarFolder } from './jars.ts';
import { type SourceRow, sourceFolder } from './sources.ts';

export interface SuiteRow {
  packages: readonly string[];
  /** Source packages of which folders are unpacked. */
  sources?: readonly SourceRow[];
  /** Libraries for Java that have no package. */
  jars?: readonly JarRow[];
  probes: readonly (readonly [program: string, ...args: string[]])[];
}

const python = '/usr/bin/python3';

export const apacheXmlrpc: JarRow = { group: 'org.apache.xmlrpc', artifact: 'xmlrpc-client', version: '3.1.3' };
export const apacheXmlrpc2: JarRow = { group: 'xmlrpc', artifact: 'xmlrpc', version: '2.0.1' };
export const cxf: JarRow = {
  group: 'org.apache.cxf',
  artifact: 'cxf-rt-frontend-jaxws',
  version: '4.1.4',
  others: ['cxf-rt-transports-http', 'cxf-tools-wsdlto-frontend-jaxws', 'cxf-tools-wsdlto-databinding-jaxb'],
};
export const axis2: JarRow = {
  group: 'org.apache.axis2',
  artifact: 'axis2-adb-codegen',
  version: '1.8.2',
  others: ['axis2-adb', 'axis2-transport-http', 'axis2-transport-local'],
};

export const suites = {
  libvirt: {
    packages: [
      'libvirt-daemon-system',
      'libvirt-clients',
      'python3-libvirt',
      'qemu-system-x86',
      'qemu-utils',
      'busybox-static',
      'cpio',
    ],
    probes: [
      ['libvirtd', '--version'],
      ['virtlogd', '--version'],
      ['virsh', '--version'],
      [python, '-c', 'import libvirt'],
      ['qemu-system-x86_64', '--version'],
      ['qemu-img', '--version'],
      ['busybox', 'true'],
      ['cpio', '--version'],
    ],
  },
  'xmlrpc clients': {
    packages: [
      'python3',
      'python3-aioxmlrpc',
      'python3-httpx',
      'python3-twisted',
      'ruby',
      'ruby-xmlrpc',
      'php-cli',
      'php-xmlrpc',
      'libxmlrpc-lite-perl',
      'librpc-xml-perl',
      'libfrontier-rpc-perl',
      'libxml-rpc-fast-perl',
      'libxmlrpc-core-c3-dev',
      'libsoup2.4-dev',
      'libjson-glib-dev',
      'pkg-config',
      'gcc',
      'libc6-dev',
      'curl',
    ],
    probes: [
      ['ruby', '-e', 'require "xmlrpc/client"'],
      ['php', '-r', 'exit(function_exists("xmlrpc_encode_request") ? 0 : 1);'],
      ['perl', '-MXMLRPC::Lite', '-e', '1'],
      ['perl', '-MRPC::XML::Client', '-e', '1'],
      ['perl', '-MFrontier::Client', '-e', '1'],
      ['perl', '-MXML::RPC::Fast', '-e', '1'],
      // The command comes with the headers of the library.
      ['sh', '-c', 'command -v xmlrpc xmlrpc-c-config'],
      ['pkg-config', '--exists', 'libsoup-2.4', 'json-glib-1.0'],
      ['gcc', '--version'],
      [python, '-c', 'import xmlrpc.client, aioxmlrpc.client, twisted.web.xmlrpc'],
      ['curl', '--version'],
    ],
  },
  // Apart, since they take more than packages: others need nothing but some of the above.
  'fetched xmlrpc clients': {
    packages: [
      'default-jdk-headless',
      'libaxmlrpc-java',
      'libcommons-codec-java',
      'maven',
      'php-cli',
      'php-xml',
      'tar',
      'xz-utils',
    ],
    sources: [{ source: 'wordpress', folders: ['*/wp-includes/IXR/*', '*/wp-includes/version.php'] }],
    jars: [apacheXmlrpc, apacheXmlrpc2],
    probes: [
      ['php', '-r', 'exit(function_exists("xml_parser_create") ? 0 : 1);'],
      ['test', '-e', join(sourceFolder('wordpress'), 'wp-includes/version.php')],
      ['javac', '-version'],
      ['test', '-e', '/usr/share/java/axmlrpc.jar'],
      ['test', '-e', '/usr/share/java/commons-codec.jar'],
      ['test', '-d', jarFolder(apacheXmlrpc)],
      ['test', '-d', jarFolder(apacheXmlrpc2)],
    ],
  },
  // Apart as well: any Go will do, and Debian's takes half a gigabyte.
  'xmlrpc clients of Go': {
    packages: ['golang-go', 'ca-certificates'],
    probes: [['go', 'version']],
  },
  'soap clients': {
    packages: [
      'php-cli',
      'php-soap',
      'libsoap-lite-perl',
      'ruby-soap4r',
      'ruby-httpclient',
      'python3-suds',
      'python3-zeep',
      'python3-pysimplesoap',
      'tcl',
      'tclws',
      'tcllib',
      'default-jdk-headless',
      'libaxis-java',
      'libjaxws-java',
      'jaxws',
      'gsoap',
      'libgsoap-dev',
      'gcc',
      'libc6-dev',
      'curl',
    ],
    probes: [
      ['curl', '--version'],
      ['php', '-r', 'exit(class_exists("SoapClient") ? 0 : 1);'],
      ['perl', '-MSOAP::Lite', '-e', '1'],
      ['ruby', '-e', 'require "httpclient"; require "soap/wsdlDriver"'],
      [python, '-c', 'import pysimplesoap, suds, zeep'],
      ['sh', '-c', `echo 'exit [catch {foreach of {json json::write WS::Client} {package require $of}}]' | tclsh`],
      ['javac', '-version'],
      ['test', '-e', '/usr/share/java/axis.jar'],
      ['wsimport', '-version'],
      ['sh', '-c', 'command -v wsdl2h soapcpp2'],
      ['gcc', '--version'],
    ],
  },
  'fetched soap clients': {
    packages: ['default-jdk-headless', 'maven'],
    jars: [cxf, axis2],
    probes: [
      ['javac', '-version'],
      ['test', '-d', jarFolder(cxf)],
      ['test', '-d', jarFolder(axis2)],
    ],
  },
  'soap clients of .NET': {
    // mono-devel has the generator.
    packages: [
      'mono-runtime',
      'mono-mcs',
      'mono-devel',
      'libmono-system-web-services4.0-cil',
      'libmono-system-json4.0-cil',
      'libmono-system-servicemodel4.0a-cil',
    ],
    probes: [
      ['mono', '--version'],
      ['mcs', '--version'],
      ['sh', '-c', 'command -v wsdl'],
      ['test', '-d', '/usr/lib/mono/gac/System.ServiceModel'],
    ],
  },
  'soap suites': {
    packages: ['tar', 'xz-utils', 'default-jdk-headless', 'libaxis-java', 'junit'],
    sources: [
      { source: 'php8.2', folders: ['*/ext/soap/tests/interop/*', '*/ext/soap/tests/soap12/*'] },
      { source: 'axis', folders: ['*/samples/echo/*', '*/samples/*.class', '*/test/wsdl/interop[345]/*'] },
    ],
    probes: [
      ['test', '-e', join(sourceFolder('php8.2'), 'ext/soap/tests/soap12/T01.phpt')],
      ['test', '-e', join(sourceFolder('axis'), 'samples/echo/TestClient.class')],
      ['test', '-e', join(sourceFolder('axis'), 'test/wsdl/interop5/basetype/Round5BaseTypes.wsdl')],
      ['test', '-e', '/usr/share/java/axis.jar'],
      ['test', '-e', '/usr/share/java/junit.jar'],
      ['javac', '-version'],
    ],
  },
  'bench peers': {
    packages: ['libxmlrpc-core-c3-dev', 'gsoap', 'libgsoap-dev', 'gcc', 'libc6-dev', 'wrk'],
    probes: [
      ['xmlrpc-c-config', 'abyss-server', '--libs'],
      ['gcc', '--version'],
      ['sh', '-c', 'command -v wrk soapcpp2'],
    ],
  },
  junit: {
    packages: ['libxml2-utils', 'python3-venv'],
    probes: [
      ['xmllint', '--version'],
      [python, '-m', 'venv', '--help'],
    ],
  },
  ldap: {
    packages: ['slapd', 'python3-ldap3', 'openssl'],
    probes: [
      ['sh', '-c', 'command -v slapd slapadd'],
      ['test', '-e', '/usr/lib/ldap/back_mdb.so'],
      [python, '-c', 'import ldap3'],
      ['openssl', 'version'],
    ],
  },
  ssh: {
    packages: ['openssh-client', 'openssh-server'],
    probes: [
      ['ssh', '-V'],
      ['test', '-x', '/usr/sbin/sshd'],
    ],
  },
  sandbox: {
    packages: ['bubblewrap', 'util-linux'],
    probes: [
      ['bwrap', '--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', 'true'],
      ['prlimit', '--version'],
      ['setpriv', '--version'],
    ],
  },
  shells: {
    packages: ['bash', 'zsh', 'fish'],
    probes: [
      ['bash', '--version'],
      ['zsh', '--version'],
      ['fish', '--version'],
    ],
  },
  operating: {
    packages: ['systemd', 'nginx-light', 'sqlite3'],
    probes: [
      ['systemd-analyze', '--version'],
      ['nginx', '-v'],
      ['sqlite3', '-version'],
    ],
  },
  'plugins in shell': { packages: ['jq'], probes: [['jq', '--version']] },
  'python sdk': {
    packages: ['python3', 'python3-venv'],
    probes: [[python, '-c', 'import ensurepip, sqlite3, venv']],
  },
  'typescript sdk': {
    packages: ['python3'],
    probes: [
      ['npm', '--version'],
      [python, '-c', 'import xmlrpc.client'],
    ],
  },
  'ruby sdk': {
    packages: ['ruby', 'ruby-minitest', 'ruby-whitequark-parser', 'yard', 'jruby'],
    probes: [
      ['/usr/bin/ruby', '-e', 'require "minitest"; require "openssl"; require "pstore"'],
      ['/usr/bin/ruby', '-e', 'require "parser/ruby27"'],
      ['/usr/bin/yard', '--version'],
      ['/usr/bin/jruby', '--version'],
    ],
  },
  'tcl sdk': {
    // TLS is not in Tcl's core, nor is what makes pages of a manual.
    packages: ['tcl', 'tcl-tls', 'tcllib'],
    probes: [
      [
        'sh',
        '-c',
        `echo 'exit [catch {foreach of {TclOO {http 2.7} tcltest tls doctools} {package require {*}$of}}]' | /usr/bin/tclsh`,
      ],
    ],
  },
  'perl sdk': {
    // TLS is the one thing that Perl has not in its core; the checker of POD and prove are.
    packages: ['perl', 'make', 'python3', 'libio-socket-ssl-perl', 'libperl-minimumversion-perl'],
    probes: [
      ['/usr/bin/perl', '-MJSON::PP', '-MHTTP::Tiny', '-MTest::More', '-MPod::Checker', '-e', '1'],
      ['/usr/bin/perl', '-MIO::Socket::SSL', '-e', '1'],
      ['/usr/bin/perl', '-MPerl::MinimumVersion', '-e', '1'],
      ['make', '--version'],
    ],
  },
  proxy: {
    packages: ['nginx-light'],
    probes: [['nginx', '-v']],
  },
  browser: {
    packages: ['chromium'],
    probes: [['chromium', '--version']],
  },
} as const satisfies Record<string, SuiteRow>;

export type SuiteName = keyof typeof suites;
export const suiteNames = Object.keys(suites) as SuiteName[];

/** Debian keeps daemons in sbin, which is not on the PATH of an ordinary user. */
export const pathWithSbin = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

/** The probes of a suite that fail, as command lines; empty when the suite can run. */
export const missingOf = async (suite: SuiteName): Promise<string[]> => {
  const rows: SuiteRow['probes'] = suites[suite].probes;
  const failed = await Promise.all(
    rows.map(async ([program, ...args]) => {
      const probe = await execa(program, args, { reject: false, stdin: 'ignore', env: { PATH: pathWithSbin } });
      return probe.failed ? [[program, ...args].join(' ')] : [];
    }),
  );
  return failed.flat();
};

export const inCi = process.env.CI === 'true';

const found = new Map<SuiteName, Promise<string[]>>();

/**
 * Lets a mocha suite run when what it needs is there: call it first in `before`. Otherwise the suite is skipped and the
 * reason printed; in CI a missing component is a failure.
 */
export const requireSuite = async (context: Mocha.Context, suite: SuiteName): Promise<void> => {
  const missing = await (found.get(suite) ?? found.set(suite, missingOf(suite)).get(suite));
  if (missing === undefined || missing.length === 0) return;
  const reason = `The ${suite} suite needs ${suites[suite].packages.join(' ')}; failing: ${missing.join('; ')}.`;
  if (inCi) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  context.skip();
};
