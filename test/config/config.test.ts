import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ConfigSources, loadConfig } from '../../daemon/config/config.ts';
import { scalarSettings } from '../../daemon/config/settings.ts';
import { ConfigError } from '../../daemon/config/settle.ts';
import { defaultLimits } from '../../daemon/limits.ts';

describe('the configuration', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'annelid-config-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const load = (yaml: string | undefined, { environment = {}, ...sources }: ConfigSources = {}) => {
    rmSync(join(directory, 'annelid.yaml'), { force: true });
    if (yaml !== undefined) writeFileSync(join(directory, 'annelid.yaml'), yaml);
    return loadConfig({ directory, environment: { HOME: '/home/alice', ...environment }, ...sources });
  };
  const problemsOf = (yaml: string | undefined, sources: ConfigSources = {}): readonly string[] => {
    try {
      load(yaml, sources);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };

  it('has a default for everything but the connectors', () => {
    const config = load(undefined);
    expect(config.listen).to.deep.equal({ host: '127.0.0.1', port: 8420, proxies: [] });
    expect(config.state).to.equal('/home/alice/.local/state/annelid');
    expect(config.limits).to.deep.equal(defaultLimits);
    expect(config.connectors).to.deep.equal([]);
    expect(config).not.to.have.property('file');
  });

  it('reads annelid.yaml of the working directory, names in it being relative to it', () => {
    const config = load('state: kept\ntls: {cert: tls/cert.pem, key: /etc/key.pem}\nlimits: {xml: {depth: 8}}\n');
    expect(config.file).to.equal(join(directory, 'annelid.yaml'));
    expect(config.state).to.equal(join(directory, 'kept'));
    expect(config.tls).to.deep.equal({ cert: join(directory, 'tls/cert.pem'), key: '/etc/key.pem' });
    expect(config.limits.xml).to.deep.equal({ ...defaultLimits.xml, depth: 8 });
  });

  it('takes an empty file for one that says nothing', () => {
    expect(load('# nothing yet\n').listen.port).to.equal(8420);
  });

  it('lets flags come before the environment, that before the file, that before defaults', () => {
    const yaml = 'listen: {host: 10.0.0.1, port: 1}\nlog: {level: debug}\n';
    const environment = { ANNELID_LISTEN_PORT: '2', ANNELID_LOG_LEVEL: 'warn', ANNELID_LIMITS_HTTP_BODY_BYTES: '4096' };
    const flags = [{ setting: 'listen.port', name: '--port', value: '3' }];
    const config = load(yaml, { environment, flags });
    expect(config.listen).to.deep.equal({ host: '10.0.0.1', port: 3, proxies: [] });
    expect(config.log).to.deep.equal({ level: 'warn', format: 'auto' });
    expect(config.limits.http.bodyBytes).to.equal(4096);
  });

  it('gives every single-valued setting a variable of its own', () => {
    const variables = scalarSettings.map(({ variable }) => variable);
    expect(variables).to.include.members([
      'ANNELID_LISTEN_HOST',
      'ANNELID_PUBLIC_URL',
      'ANNELID_LIMITS_CALLS_IN_FLIGHT',
    ]);
    expect(new Set(variables).size).to.equal(variables.length);
  });

  it('names file, line, column and field of every mistake at once', () => {
    const yaml = [
      'listen:',
      '  hots: 127.0.0.1',
      '  port: 84x20',
      'limits:',
      '  xml: {depth: 0}',
      'connectors:',
      '  kvm 1: {plugin: libvirt}',
      '  kvm2:',
      '    config: [1]',
    ].join('\n');
    expect(problemsOf(yaml)).to.deep.equal([
      'annelid.yaml:2:3: listen.hots is not known here; did you mean host?',
      'annelid.yaml:3:9: listen.port must be an integer from 0 to 65535, found "84x20".',
      'annelid.yaml:5:16: limits.xml.depth must be an integer from 1 to 2147483647, found 0.',
      'annelid.yaml:7:3: connectors.kvm 1 must be named with letters, digits, ".", "_" and "-", at most 63 of them.',
      'annelid.yaml:8:3: connectors.kvm2.plugin is missing.',
      'annelid.yaml:9:5: connectors.kvm2.config must be a map.',
    ]);
  });

  it('names settings of a group that is given as one value', () => {
    expect(problemsOf('listen: 127.0.0.1:8420')).to.deep.equal([
      'annelid.yaml:1:9: listen must be a map of settings, such as host, port, proxies; found "127.0.0.1:8420".',
    ]);
  });

  it('names what is known when nothing near is', () => {
    expect(problemsOf('log: {colour: true}')).to.deep.equal([
      'annelid.yaml:1:7: log.colour is not known here; known are level, format.',
    ]);
  });

  it('names the place of a mistake in the YAML itself', () => {
    const [problem, ...others] = problemsOf('listen:\n  port: 1\n  port: 2\n');
    expect(problem).to.equal('annelid.yaml:3:3: Map keys must be unique.');
    expect(others).to.deep.equal([]);
  });

  it('takes a member called __proto__ for a name like any other', () => {
    expect(problemsOf('__proto__: {listen: {port: 1}}')[0]).to.match(/^annelid.yaml:1:1: __proto__ is not known here/);
    const { connectors } = load('connectors: {a: {plugin: noop, config: {__proto__: {x: 1}}}}');
    expect(Object.keys(connectors[0]!.config)).to.deep.equal(['__proto__']);
    expect(connectors[0]!.config).not.to.have.property('x');
  });

  it('watches all plugins that the daemon starts when told to, but those that say otherwise', () => {
    const yaml = 'connectors: {a: {plugin: noop}, b: {plugin: noop, watch: false}, c: {plugin: "unix:/run/x"}}';
    const watched = (sources: ConfigSources) => load(yaml, sources).connectors.map(({ watch }) => watch);
    expect(watched({ watch: true })).to.deep.equal([true, false, undefined]);
    expect(watched({})).to.deep.equal([undefined, false, undefined]);
  });

  it('names a proxy that is neither an address nor a net', () => {
    expect(problemsOf('listen:\n  proxies: [10.0.0.0/8, "::1", proxy.example, 10.0.0.0/40]\n')).to.deep.equal([
      'annelid.yaml:2:32: listen.proxies.2 must be an address, or a net such as 10.0.0.0/8.',
      'annelid.yaml:2:47: listen.proxies.3 must be an address, or a net such as 10.0.0.0/8.',
    ]);
  });

  it('names what cannot be said of a plugin that runs already, and what one that dials in lacks', () => {
    const yaml = `
plugins: {listen: ['tls://0.0.0.0:7800']}
connectors:
  far: {plugin: dial-in}
  many: {plugin: noop, processes: 2, keep: true}
  none: {plugin: noop, oneShot: true, keep: true}
  odd: {plugin: dial-in, token: {secret: 'file:odd.token'}}
  there: {plugin: 'unix:/run/x', sandbox: true, keep: true, watch: true, oneShot: false}
  wide: {plugin: noop, sandbox: true, needs: {net: 1, fs: [{path: here}], disk: true}}
`;
    expect(problemsOf(yaml).map((problem) => problem.replace(/^annelid.yaml:[0-9:]+ /, ''))).to.deep.equal([
      'plugins.tls is missing: plugins that connect over TLS are shown a certificate.',
      'connectors.far.token is missing: a plugin that dials in shows one.',
      'connectors.many.processes must be 1 beside keep: a keeper holds one process.',
      'connectors.none.keep must be false beside oneShot: there is no process between calls to be held.',
      'connectors.odd.token must be a string, found {"secret":"file:odd.token"}.',
      'connectors.there.keep is for a plugin that the daemon starts; this one runs already.',
      'connectors.there.watch is for a plugin that the daemon starts; this one runs already.',
      'connectors.there.sandbox is for a plugin that the daemon starts; this one runs already.',
      'connectors.there.oneShot is for a plugin that the daemon starts; this one runs already.',
      'connectors.wide.needs.disk is not known here; known are net, fs, exec.',
      'connectors.wide.needs.net must be true or false, found 1.',
      'connectors.wide.needs.fs.0.path must begin with a slash, found "here".',
    ]);
    expect(
      problemsOf("connectors: {far: {plugin: dial-in, token: 'env:TOKEN'}}", { environment: { TOKEN: 't' } }),
    ).to.deep.equal([
      'annelid.yaml:1:28: connectors.far.plugin is dial-in, and plugins.listen has no address where it could connect.',
    ]);
    expect(problemsOf("plugins: {listen: ['tls://x/y:1']}")).to.deep.equal([
      'annelid.yaml:1:20: plugins.listen.0 must be unix:PATH or tls://HOST:PORT, found "tls://x/y:1".',
    ]);
  });

  it('takes no address with a port that there is not, and no token that anybody could show', () => {
    const yaml = `
plugins: {listen: ['tls://localhost:65536'], tls: {cert: c, key: k, ca: a}}
connectors:
  far: {plugin: 'tls://there:0', tls: {cert: c, key: k, ca: a}}
  open: {plugin: dial-in, token: 'env:BLANK'}
`;
    const problems = problemsOf(yaml, { environment: { BLANK: ' \n' } });
    expect(problems.map((problem) => problem.replace(/^annelid.yaml:[0-9:]+ /, ''))).to.deep.equal([
      'plugins.listen.0 must be unix:PATH or tls://HOST:PORT.',
      'connectors.far.plugin must be unix:PATH or tls://HOST:PORT where it is an address, not tls://there:0.',
      'connectors.open.token names an empty token: anybody could show that.',
    ]);
  });

  it('names a secret that a plugin may ask for and that is not there', () => {
    expect(problemsOf("connectors: {a: {plugin: noop, secrets: {token: 'file:none', key: hunter2}}}")).to.deep.equal([
      'annelid.yaml:1:49: connectors.a.secrets.token names none, which cannot be read (ENOENT).',
      'annelid.yaml:1:67: connectors.a.secrets.key must be file:PATH or env:NAME.',
    ]);
  });

  it('makes a connector a directory where it says how far that goes, and not otherwise', () => {
    const [people, machines] = load(
      'connectors: {people: {plugin: ldap, directory: {role: user, accounts: [acme]}}, machines: {plugin: memory}}\n',
    ).connectors;
    expect(people!.directory).to.deep.equal({ role: 'user', accounts: ['acme'] });
    expect(machines).not.to.have.property('directory');
    expect(
      problemsOf('connectors:\n  a: {plugin: ldap, directory: {}}\n  b: {plugin: ldap, directory: {role: root}}\n'),
    ).to.deep.equal([
      'annelid.yaml:2:21: connectors.a.directory.role is missing.',
      'annelid.yaml:3:39: connectors.b.directory.role must be one of reader, user, admin, found "root".',
    ]);
  });

  it('names the variable or the flag that is wrong', () => {
    const flags = [
      { setting: 'log.level', name: '--log-level', value: 'loud' },
      { setting: 'listen.prot', name: '--set', value: '1' },
    ];
    expect(problemsOf(undefined, { environment: { ANNELID_LISTEN_PORT: 'ssh' }, flags })).to.deep.equal([
      '--set: there is no setting listen.prot; did you mean listen.port?',
      'ANNELID_LISTEN_PORT: listen.port must be an integer from 0 to 65535, found "ssh".',
      '--log-level: log.level must be one of debug, info, warn, error, found "loud".',
    ]);
  });

  it('says that a file which was asked for is not there', () => {
    expect(problemsOf(undefined, { file: 'other.yaml' })).to.deep.equal(['There is no file other.yaml.']);
  });

  it('hands connectors their configuration as it stands there, with secrets from files and the environment', () => {
    writeFileSync(join(directory, 'password'), 'from a file\n');
    const yaml = `
connectors:
  kvm1:
    plugin: libvirt
    account: acme
    env: [HTTPS_PROXY]
    secrets: {login: 'env:CLOUD_LOGIN'}
    config:
      uri: qemu:///system
      nested: [{password: {secret: 'file:password'}}]
      token: {secret: 'env:CLOUD_TOKEN'}
      apiKey: by its name
`;
    const config = load(yaml, { environment: { CLOUD_TOKEN: 'from the environment', CLOUD_LOGIN: 'asked for' } });
    expect(config.connectors).to.deep.equal([
      {
        name: 'kvm1',
        plugin: 'libvirt',
        account: 'acme',
        env: ['HTTPS_PROXY'],
        config: {
          uri: 'qemu:///system',
          nested: [{ password: 'from a file' }],
          token: 'from the environment',
          apiKey: 'by its name',
        },
        secrets: { login: 'asked for' },
        hidden: ['from a file', 'from the environment', 'by its name', 'asked for'],
        referred: ['from a file', 'from the environment', 'asked for'],
      },
    ]);
    const shown = JSON.stringify(config.shown);
    expect(shown).to.contain('file:password').and.to.contain('env:CLOUD_TOKEN');
    for (const secret of config.connectors[0]!.hidden!) expect(shown).not.to.contain(secret);
  });

  it('takes the path of a plugin relative to the file, wherever the daemon is started', () => {
    writeFileSync(
      join(directory, 'other.yaml'),
      'connectors: {a: {plugin: ./mine.py}, b: {plugin: plug/cloud}, c: {plugin: /opt/c}, d: {plugin: noop}}\n',
    );
    const { connectors } = loadConfig({ directory: '/', file: join(directory, 'other.yaml'), environment: {} });
    const plugins = [join(directory, 'mine.py'), join(directory, 'plug/cloud'), '/opt/c', 'noop'];
    expect(connectors.map(({ plugin }) => plugin)).to.deep.equal(plugins);
  });

  it('takes sockets and files of plugins that run already from where it stands', () => {
    const { connectors } = load(
      'connectors: {a: {plugin: "unix:run/a.sock"}, b: {plugin: "tls://b.example:7700", tls: {cert: c.pem, key: /k.pem, ca: ca.pem}}}\n',
    );
    expect(connectors.map(({ plugin, tls }) => ({ plugin, tls }))).to.deep.equal([
      { plugin: `unix:${join(directory, 'run/a.sock')}`, tls: undefined },
      {
        plugin: 'tls://b.example:7700',
        tls: { cert: join(directory, 'c.pem'), key: '/k.pem', ca: join(directory, 'ca.pem') },
      },
    ]);
  });

  it('hides what is named like a secret and stands in the file itself', () => {
    const { shown } = load('connectors: {a: {plugin: noop, config: {user: u, apiKey: k1, rootPassword: p1}}}');
    expect(shown.connectors).to.deep.equal({
      a: { plugin: 'noop', config: { user: 'u', apiKey: '(hidden)', rootPassword: '(hidden)' } },
    });
  });

  it('says which secret cannot be had, and where it is asked for', () => {
    const yaml = 'connectors:\n  a:\n    plugin: noop\n    config: {x: {secret: env:NOT_SET}, y: {secret: vault:z}}\n';
    expect(problemsOf(yaml)).to.deep.equal([
      'annelid.yaml:4:26: connectors.a.config.x.secret names the environment variable NOT_SET, which is not set.',
      'annelid.yaml:4:52: connectors.a.config.y.secret must be file:PATH or env:NAME.',
    ]);
  });

  it('stands in for a file only where there is none', () => {
    const fallback = (state: string) => ({
      connectors: { memory: { plugin: 'memory', config: { file: `${state}/m` } } },
    });
    const flags = [{ setting: 'state', name: '--state', value: 'here' }];
    expect(load(undefined, { fallback, flags }).connectors[0]?.config).to.deep.equal({
      file: join(directory, 'here/m'),
    });
    expect(load('log: {level: warn}\n', { fallback, flags }).connectors).to.deep.equal([]);
  });

  it('tells what named the state directory', () => {
    const source = (yaml: string | undefined, sources: ConfigSources = {}) => load(yaml, sources).stateSource;
    const environment = { ANNELID_STATE: '/env' };
    const flags = [{ setting: 'state', name: '--state', value: '/flag' }];
    expect(source(undefined)).to.equal('the default');
    expect(source('state: kept\n')).to.equal('state in annelid.yaml');
    expect(source('state: kept\n', { environment })).to.equal('ANNELID_STATE');
    expect(source('state: kept\n', { environment, flags })).to.equal('--state');
  });

  it('warns of variables that are nearly those of Annelid, but for those that it names itself', () => {
    const environment = { ANNELID_LISTEN_PROT: '1', ANNELID_TOKN: 'x', ANNELID_USERS: 'y', ANNELID_SITE_KEY: 'z' };
    expect(load(undefined, { environment }).warnings).to.deep.equal([
      'ANNELID_LISTEN_PROT is no variable of Annelid; did you mean ANNELID_LISTEN_PORT?',
      'ANNELID_TOKN is no variable of Annelid; did you mean ANNELID_TOKEN?',
      'ANNELID_USERS is no variable of Annelid; did you mean ANNELID_USER?',
    ]);
    const yaml = `connectors:
  a: {plugin: noop, env: [ANNELID_USERS], config: {password: {secret: 'env:ANNELID_TOKN'}}}
`;
    expect(load(yaml, { environment }).warnings).to.deep.equal([
      'ANNELID_LISTEN_PROT is no variable of Annelid; did you mean ANNELID_LISTEN_PORT?',
    ]);
  });

  it('is one document, and says so where a second one begins', () => {
    expect(problemsOf('state: a\n---\nstate: b\n')).to.deep.equal([
      'annelid.yaml:2:1: A second document begins here; put all of it into one, without this line.',
    ]);
  });

  it('refuses control characters in the names of connectors', () => {
    expect(problemsOf('connectors:\n  "a\\0b": {plugin: noop}\n  "c\\nd": {plugin: noop}\n')).to.have.lengthOf(2);
  });
});
